namespace Observability.Model.Matching;

/// <summary>
/// Says whether a text matches, by a deterministic automaton that is built as texts need it: then a character costs one look-up.
/// Where it would grow too large it stays as it is, and <see cref="PatternRunner"/> does the rest. Safe for concurrent use.
/// </summary>
internal sealed class PatternAutomaton
{
    private const int MaxStates = 512;
    private const int MaxIntervals = 256;

    private readonly PatternProgram _program;
    private readonly int[] _intervalStarts = [];
    private readonly byte[] _ofAscii = new byte[128];
    private readonly Dictionary<StateKey, State> _states = []; // guarded by itself; at most MaxStates
    private readonly State? _start; // null: every text is left to the runner

    public PatternAutomaton(PatternProgram program)
    {
        _program = program;
        if (program.LooksAround)
            return;
        var starts = new SortedSet<int> { 0 };
        foreach (Instruction instruction in program.Instructions)
        {
            if (instruction.Set is null)
                continue;
            ReadOnlySpan<int> bounds = instruction.Set.Bounds;
            for (int i = 0; i < bounds.Length && starts.Count <= MaxIntervals; i += 2)
            {
                starts.Add(bounds[i]);
                starts.Add(bounds[i + 1] + 1);
            }
        }
        if (starts.Count > MaxIntervals)
            return;
        _intervalStarts = [.. starts];
        for (int rune = 0; rune < _ofAscii.Length; rune++)
            _ofAscii[rune] = (byte)Search(rune);
        _start = MakeState(Closure([0], atStart: true), atStart: true);
    }

    public bool IsMatch(ReadOnlySpan<char> text)
    {
        State? state = _start;
        for (int i = 0; i < text.Length && state is not null;)
        {
            int length = 1;
            int rune = text[i] < 128 ? text[i] : PatternRunner.RuneAt(text, i, out length);
            int interval = rune < 128 ? _ofAscii[rune] : Search(rune);
            state = state.Next[interval] ?? Step(state, interval);
            if (state is { IsDead: true })
                return false;
            i += length;
        }
        return state?.Accepts ?? new PatternRunner(_program).TryMatch(text, 0, out _);
    }

    /// <returns>Null where the automaton is full.</returns>
    private State? Step(State from, int interval)
    {
        int rune = _intervalStarts[interval]; // all of an interval behave alike
        var targets = new List<int>();
        foreach (int at in from.Places)
        {
            Instruction instruction = _program.Instructions[at];
            if (instruction.Operation == Operation.Take && instruction.Set!.Contains(rune))
                targets.Add(instruction.Next);
        }
        int[] places = Closure(targets, atStart: false);
        lock (_states)
        {
            var key = new StateKey(places);
            if (!_states.TryGetValue(key, out State? state))
            {
                if (_states.Count >= MaxStates)
                    return null;
                _states.Add(key, state = MakeState(places, atStart: false));
            }
            return from.Next[interval] = state;
        }
    }

    private State MakeState(int[] places, bool atStart) =>
        new(places, new State?[_intervalStarts.Length], Array.Exists(Closure(places, atStart, atEnd: true), at => _program.Instructions[at].Operation == Operation.Match));

    /// <summary>The places that can be reached without a character, in order: those that take one, that match, or that wait for the end.</summary>
    private int[] Closure(IEnumerable<int> from, bool atStart, bool atEnd = false)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>(from);
        var places = new List<int>();
        while (pending.TryPop(out int at))
        {
            if (!seen.Add(at))
                continue;
            Instruction instruction = _program.Instructions[at];
            switch (instruction.Operation)
            {
                case Operation.Split:
                    pending.Push(instruction.Next);
                    pending.Push(instruction.Other);
                    break;
                case Operation.Assert when (Assertion)instruction.Other == Assertion.BeginText ? atStart : atEnd:
                case Operation.Save:
                    pending.Push(instruction.Next);
                    break;
                case Operation.Assert when (Assertion)instruction.Other == Assertion.BeginText:
                    break;
                default:
                    places.Add(at);
                    break;
            }
        }
        places.Sort();
        return [.. places];
    }

    private int Search(int rune)
    {
        int found = Array.BinarySearch(_intervalStarts, rune);
        return found >= 0 ? found : ~found - 1;
    }

    private sealed record State(int[] Places, State?[] Next, bool Accepts)
    {
        public bool IsDead { get; } = Places.Length == 0;
    }

    private readonly struct StateKey(int[] places) : IEquatable<StateKey>
    {
        private readonly int[] _places = places;

        public bool Equals(StateKey other) => _places.AsSpan().SequenceEqual(other._places);

        public override bool Equals(object? obj) => obj is StateKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (int place in _places)
                hash.Add(place);
            return hash.ToHashCode();
        }
    }
}
