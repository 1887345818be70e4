namespace Observability.Model.Matching;

/// <summary>A regular expression as a tree.</summary>
internal abstract record PatternNode;

/// <summary>Text as it stands.</summary>
/// <param name="Text">May be empty.</param>
/// <param name="AnyCase">Letters match in all their cases.</param>
internal sealed record LiteralNode(string Text, bool AnyCase) : PatternNode
{
    public static LiteralNode Empty { get; } = new("", false);
}

/// <summary>One code point of a set.</summary>
internal sealed record ClassNode(RuneSet Set) : PatternNode;

internal enum Assertion
{
    BeginText,
    EndText,
    BeginLine,
    EndLine,
    WordBoundary,
    NoWordBoundary,
}

internal sealed record AssertionNode(Assertion Kind) : PatternNode;

/// <param name="Operand">What is captured.</param>
/// <param name="Index">From 1.</param>
/// <param name="Name">Empty where it has none.</param>
internal sealed record CaptureNode(PatternNode Operand, int Index, string Name) : PatternNode;

/// <param name="Operand">What is repeated.</param>
/// <param name="Min">At least so often.</param>
/// <param name="Max">At most so often; -1: without end.</param>
/// <param name="Greedy">Prefers more.</param>
internal sealed record RepeatNode(PatternNode Operand, int Min, int Max, bool Greedy) : PatternNode;

internal sealed record ConcatNode(IReadOnlyList<PatternNode> Parts) : PatternNode;

internal sealed record AlternateNode(IReadOnlyList<PatternNode> Choices) : PatternNode;
