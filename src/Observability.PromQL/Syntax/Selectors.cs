using Observability.Model;

namespace Observability.PromQL.Syntax;

/// <summary>Which time <c>@</c> names.</summary>
public enum AtKind
{
    Time,

    /// <summary><c>start()</c>: the first step of the query.</summary>
    Start,

    /// <summary><c>end()</c>: the last step of the query.</summary>
    End,
}

/// <summary><c>@ 1609746000</c>, <c>@ start()</c> or <c>@ end()</c>.</summary>
/// <param name="Kind">Which time.</param>
/// <param name="TimestampMs">With <see cref="AtKind.Time"/>: milliseconds since the Unix epoch.</param>
public sealed record AtModifier(AtKind Kind, long TimestampMs = 0);

/// <summary>An instant vector selector.</summary>
public sealed record VectorSelector : Expression
{
    /// <summary>The metric's name where it stands before the braces; else empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>All conditions, that of the name included.</summary>
    public required IReadOnlyList<Matcher> Matchers { get; init; }

    /// <summary>How far back, as written; negative looks ahead. Zero while <see cref="OffsetExpression"/> is not resolved.</summary>
    public long OffsetMs { get; init; }

    /// <summary>The offset where it has to be computed; <see cref="DurationResolver"/> puts its value in <see cref="OffsetMs"/>.</summary>
    public DurationExpression? OffsetExpression { get; init; }

    public AtModifier? At { get; init; }

    public bool Anchored { get; init; }

    public bool Smoothed { get; init; }

    /// <summary>The second argument of <c>info()</c>: no selection of its own, so it may match all.</summary>
    public bool MayMatchAll { get; init; }

    public override ExpressionType Type => ExpressionType.Vector;

    public override IReadOnlyList<Expression> Children => [];
}

/// <summary>A range vector selector. Offset and <c>@</c> stand at its <paramref name="Selector"/>.</summary>
/// <param name="Selector">The series.</param>
/// <param name="RangeMs">Length of the window; zero while <see cref="RangeExpression"/> is not resolved.</param>
public sealed record MatrixSelector(VectorSelector Selector, long RangeMs) : Expression
{
    public DurationExpression? RangeExpression { get; init; }

    public override ExpressionType Type => ExpressionType.Matrix;

    public override IReadOnlyList<Expression> Children => [Selector];
}

/// <summary><c>operand[range:step]</c>.</summary>
/// <param name="Operand">What is evaluated at each step of the window.</param>
/// <param name="RangeMs">Length of the window.</param>
/// <param name="StepMs">0: the engine's default.</param>
public sealed record SubqueryExpression(Expression Operand, long RangeMs, long StepMs) : Expression
{
    public DurationExpression? RangeExpression { get; init; }

    public DurationExpression? StepExpression { get; init; }

    /// <inheritdoc cref="VectorSelector.OffsetMs"/>
    public long OffsetMs { get; init; }

    /// <inheritdoc cref="VectorSelector.OffsetExpression"/>
    public DurationExpression? OffsetExpression { get; init; }

    public AtModifier? At { get; init; }

    public override ExpressionType Type => ExpressionType.Matrix;

    public override IReadOnlyList<Expression> Children => [Operand];
}
