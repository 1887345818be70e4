using System.Runtime.InteropServices;

namespace Observability.Model.Matching;

/// <summary>Runs a program over a text, all ways at once: time is bounded by the text's length times the program's.</summary>
/// <param name="program">Shared; a runner is for one call.</param>
internal sealed class PatternRunner(PatternProgram program)
{
    private readonly Instruction[] _instructions = program.Instructions;
    private readonly int[] _mark = new int[program.Instructions.Length];
    private readonly Stack<(int At, int[]? Slots)> _pending = new();
    private int _generation;

    /// <param name="text">The whole text.</param>
    /// <param name="slotCount">2 for each group and the whole; 0: no places are wanted.</param>
    /// <param name="slots">Start and end of each group, or -1.</param>
    public bool TryMatch(ReadOnlySpan<char> text, int slotCount, out int[]? slots)
    {
        List<(int At, int[]? Slots)> current = [], next = [];
        int[]? initial = slotCount == 0 ? null : new int[slotCount];
        initial?.AsSpan().Fill(-1);
        int before = -1, position = 0;
        int rune = RuneAt(text, 0, out int length);
        _generation++;
        Follow(current, 0, initial, before, rune, 0);
        while (rune >= 0 && current.Count > 0)
        {
            int behind = RuneAt(text, position + length, out int nextLength);
            _generation++;
            foreach ((int at, int[]? held) in CollectionsMarshal.AsSpan(current))
            {
                if (_instructions[at].Operation == Operation.Take && _instructions[at].Set!.Contains(rune))
                    Follow(next, _instructions[at].Next, held, rune, behind, position + length);
            }
            (current, next) = (next, current);
            next.Clear();
            (before, rune, position, length) = (rune, behind, position + length, nextLength);
        }
        slots = null;
        if (rune >= 0)
            return false;
        foreach ((int at, int[]? held) in current)
        {
            if (_instructions[at].Operation != Operation.Match)
                continue;
            slots = held;
            if (slots is not null)
                (slots[0], slots[1]) = (0, text.Length);
            return true;
        }
        return false;
    }

    /// <summary>A lone surrogate is what is no text, which RE2 takes for U+FFFD.</summary>
    internal static int RuneAt(ReadOnlySpan<char> text, int at, out int length)
    {
        length = 1;
        if (at >= text.Length)
            return -1;
        char c = text[at];
        if (!char.IsSurrogate(c))
            return c;
        if (at + 1 < text.Length && char.IsSurrogatePair(c, text[at + 1]))
        {
            length = 2;
            return char.ConvertToUtf32(c, text[at + 1]);
        }
        return 0xFFFD;
    }

    private void Follow(List<(int At, int[]? Slots)> into, int start, int[]? startSlots, int before, int behind, int position)
    {
        _pending.Push((start, startSlots));
        while (_pending.TryPop(out (int At, int[]? Slots) entry))
        {
            (int at, int[]? slots) = entry;
            if (_mark[at] == _generation)
                continue;
            _mark[at] = _generation;
            Instruction instruction = _instructions[at];
            switch (instruction.Operation)
            {
                case Operation.Split:
                    _pending.Push((instruction.Other, slots)); // below: what is preferred is followed first
                    _pending.Push((instruction.Next, slots));
                    break;
                case Operation.Save:
                    if (slots is not null)
                    {
                        slots = [.. slots];
                        slots[instruction.Other] = position;
                    }
                    _pending.Push((instruction.Next, slots));
                    break;
                case Operation.Assert:
                    if (Holds((Assertion)instruction.Other, before, behind))
                        _pending.Push((instruction.Next, slots));
                    break;
                default:
                    into.Add((at, slots));
                    break;
            }
        }
    }

    internal static bool Holds(Assertion assertion, int before, int behind) => assertion switch
    {
        Assertion.BeginText => before < 0,
        Assertion.EndText => behind < 0,
        Assertion.BeginLine => before is < 0 or '\n',
        Assertion.EndLine => behind is < 0 or '\n',
        Assertion.WordBoundary => IsWord(before) != IsWord(behind),
        _ => IsWord(before) == IsWord(behind),
    };

    internal static bool IsWord(int rune) => rune is >= 0 and < 128 && (char.IsAsciiLetterOrDigit((char)rune) || rune == '_');
}
