namespace Observability.Model.Matching;

internal enum Operation : byte
{
    /// <summary>Takes a code point of <see cref="Instruction.Set"/>.</summary>
    Take,

    /// <summary>Goes on at <see cref="Instruction.Next"/>, or else at <see cref="Instruction.Other"/>.</summary>
    Split,

    /// <summary>Notes the place in the slot <see cref="Instruction.Other"/>.</summary>
    Save,

    /// <summary>Goes on where an <see cref="Assertion"/> (in <see cref="Instruction.Other"/>) holds.</summary>
    Assert,
    Match,
}

internal readonly record struct Instruction(Operation Operation, int Next, int Other, RuneSet? Set);

/// <summary>A pattern as a nondeterministic automaton. It matches a text as a whole.</summary>
internal sealed class PatternProgram
{
    /// <summary>Largest program: bounds what a character can cost.</summary>
    public const int MaxInstructions = 4096;

    private readonly List<Instruction> _instructions = [];
    private readonly bool _captures;

    private PatternProgram(bool captures) => _captures = captures;

    public Instruction[] Instructions { get; private set; } = [];

    /// <summary>Some assertion needs the characters around it, not only the ends of the text.</summary>
    public bool LooksAround { get; private set; }

    /// <exception cref="ArgumentException">It would have more than <see cref="MaxInstructions"/> instructions.</exception>
    public static PatternProgram Compile(PatternNode node, bool captures)
    {
        var program = new PatternProgram(captures);
        program.Emit(node);
        program.Add(new Instruction(Operation.Match, 0, 0, null));
        program.Instructions = [.. program._instructions];
        return program;
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case LiteralNode literal:
                foreach (System.Text.Rune rune in literal.Text.EnumerateRunes())
                    AddTake(literal.AnyCase ? CaseFolding.Orbit(rune.Value) : RuneSet.Of(rune.Value));
                break;
            case ClassNode @class:
                AddTake(@class.Set);
                break;
            case AssertionNode assertion:
                LooksAround |= assertion.Kind is not (Assertion.BeginText or Assertion.EndText);
                AddNext(Operation.Assert, (int)assertion.Kind);
                break;
            case CaptureNode capture:
                if (_captures)
                    AddNext(Operation.Save, 2 * capture.Index);
                Emit(capture.Operand);
                if (_captures)
                    AddNext(Operation.Save, 2 * capture.Index + 1);
                break;
            case ConcatNode concat:
                foreach (PatternNode part in concat.Parts)
                    Emit(part);
                break;
            case AlternateNode alternate:
                EmitChoices(alternate);
                break;
            case RepeatNode repeat:
                EmitRepeat(repeat);
                break;
        }
    }

    private void EmitChoices(AlternateNode alternate)
    {
        var exits = new List<int>();
        for (int i = 0; i < alternate.Choices.Count - 1; i++)
        {
            int split = Add(default);
            Emit(alternate.Choices[i]);
            exits.Add(Add(default));
            _instructions[split] = new Instruction(Operation.Split, split + 1, _instructions.Count, null);
        }
        Emit(alternate.Choices[^1]);
        foreach (int exit in exits)
            _instructions[exit] = Jump(_instructions.Count);
    }

    private void EmitRepeat(RepeatNode repeat)
    {
        for (int i = 0; i < repeat.Min; i++)
            Emit(repeat.Operand);
        if (repeat.Max < 0)
        {
            int split = Add(default);
            Emit(repeat.Operand);
            Add(Jump(split));
            _instructions[split] = Fork(split + 1, _instructions.Count, repeat.Greedy);
            return;
        }
        var splits = new List<int>();
        for (int i = repeat.Min; i < repeat.Max; i++)
        {
            splits.Add(Add(default));
            Emit(repeat.Operand);
        }
        foreach (int split in splits)
            _instructions[split] = Fork(split + 1, _instructions.Count, repeat.Greedy);
    }

    private static Instruction Fork(int inside, int behind, bool greedy) =>
        greedy ? new Instruction(Operation.Split, inside, behind, null) : new Instruction(Operation.Split, behind, inside, null);

    private static Instruction Jump(int to) => new(Operation.Split, to, to, null);

    private void AddTake(RuneSet set) => Add(new Instruction(Operation.Take, _instructions.Count + 1, 0, set));

    private void AddNext(Operation operation, int other) => Add(new Instruction(operation, _instructions.Count + 1, other, null));

    private int Add(Instruction instruction)
    {
        if (_instructions.Count >= MaxInstructions)
            throw new ArgumentException($"error parsing regexp: expression too large: it needs more than {MaxInstructions} steps");
        _instructions.Add(instruction);
        return _instructions.Count - 1;
    }
}
