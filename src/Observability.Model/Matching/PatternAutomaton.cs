namespace Observability.Model.Matching;

/// <summary>
/// Says whether a text matches, by a deterministic automaton that is built as texts need it: then a character costs one look-up.
/// Where it would grow too large it stays as it is, and <see cref="PatternRunner"/> does the rest. Safe for concurrent use.
/// </summary>
internal sealed class PatternAutomaton
{
    private const int MaxStates = 512;

    /// <summary>Places and transitions of all states together.</summary>
    private const int MaxCells = 64 * 1024;
    private const int MaxIntervals = 256;

    private readonly PatternProgram _program;
    private readonly int[] _intervalStarts = [];
    private readonly byte[] _ofAscii = new byte[128];
    private readonly Dictionary<StateKey, State> _states = []; // guarded by itself; at most MaxStates
    private int _cells; // guarded by _states
    private readonly State? _start; // null: every text is left to the runner

    public PatternAutomaton(PatternProgram program)
    {
        _program = program;
        var starts = new List<int> { 0 };
        if (program.LooksAround)
            starts.AddRange(['\n', '\n' + 1, '0', '9' + 1, 'A', 'Z' + 1, '_', '_' + 1, 'a', 'z' + 1]); // where words and lines begin and end
        RuneSet? last = null;
        foreach (Instruction instruction in program.Instructions)
        {
            if (instruction.Set is not { } set || ReferenceEquals(set, last))
                continue;
            last = set;
            if (set.Bounds.Length > 2 * MaxIntervals)
                return;
            for (int i = 0; i < set.Bounds.Length; i += 2)
            {
                starts.Add(set.Bounds[i]);
                starts.Add(set.Bounds[i + 1] + 1);
            }
        }
        starts.Sort();
        int[] distinct = [.. starts.Distinct()];
        if (distinct.Length > MaxIntervals)
            return;
        _intervalStarts = distinct;
        for (int rune = 0, interval = 0; rune < _ofAscii.Length; rune++)
        {
            while (interval + 1 < distinct.Length && distinct[interval + 1] <= rune)
                interval++;
            _ofAscii[rune] = (byte)interval;
        }
        _start = MakeState([0], before: -1);
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
        var targets = new SortedSet<int>();
        foreach (int at in Closure(from.Places, from.Before, rune))
        {
            Instruction instruction = _program.Instructions[at];
            if (instruction.Operation == Operation.Take && instruction.Set!.Contains(rune))
                targets.Add(instruction.Next);
        }
        int before = !_program.LooksAround ? 0 : rune == '\n' ? '\n' : PatternRunner.IsWord(rune) ? 'a' : 0; // of the kinds that assertions tell apart
        int[] places = [.. targets];
        lock (_states)
        {
            var key = new StateKey(places, before);
            if (!_states.TryGetValue(key, out State? state))
            {
                if (_states.Count >= MaxStates || _cells > MaxCells)
                    return null;
                _cells += places.Length + _intervalStarts.Length;
                _states.Add(key, state = MakeState(places, before));
            }
            return from.Next[interval] = state;
        }
    }

    private State MakeState(int[] places, int before) =>
        new(places, before, new State?[_intervalStarts.Length], Closure(places, before, behind: -1).Exists(at => _program.Instructions[at].Operation == Operation.Match));

    /// <summary>What can be reached without a character, between one (-1: the start) and the next (-1: the end).</summary>
    private List<int> Closure(int[] from, int before, int behind)
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
                case Operation.Assert when !PatternRunner.Holds((Assertion)instruction.Other, before, behind):
                    break;
                case Operation.Assert or Operation.Save:
                    pending.Push(instruction.Next);
                    break;
                default:
                    places.Add(at);
                    break;
            }
        }
        return places;
    }

    private int Search(int rune)
    {
        int found = Array.BinarySearch(_intervalStarts, rune);
        return found >= 0 ? found : ~found - 1;
    }

    /// <param name="Places">Where the program can stand, before it follows what takes no character.</param>
    /// <param name="Before">Stands for the character before; -1 at the start.</param>
    /// <param name="Next">By interval; null where no text went yet.</param>
    /// <param name="Accepts">A text that ends here matches.</param>
    private sealed record State(int[] Places, int Before, State?[] Next, bool Accepts)
    {
        public bool IsDead { get; } = Places.Length == 0;
    }

    private readonly struct StateKey(int[] places, int before) : IEquatable<StateKey>
    {
        private readonly int[] _places = places;
        private readonly int _before = before;

        public bool Equals(StateKey other) => _before == other._before && _places.AsSpan().SequenceEqual(other._places);

        public override bool Equals(object? obj) => obj is StateKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_before);
            foreach (int place in _places)
                hash.Add(place);
            return hash.ToHashCode();
        }
    }
}
