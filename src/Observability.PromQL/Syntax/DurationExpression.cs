namespace Observability.PromQL.Syntax;

/// <summary>What a <see cref="DurationExpression"/> does.</summary>
public enum DurationOperator
{
    Add,

    /// <summary>With one operand, on the right: negates.</summary>
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,

    /// <summary><c>step()</c></summary>
    Step,

    /// <summary><c>range()</c>: from the query's first step to its last.</summary>
    Range,

    /// <summary><c>min_of(left, right)</c></summary>
    MinOf,

    /// <summary><c>max_of(left, right)</c></summary>
    MaxOf,
}

/// <summary>A duration that is computed when the query's times are known, in seconds.</summary>
/// <param name="Operator">What to do.</param>
/// <param name="Left">A <see cref="NumberLiteral"/> or <see cref="DurationExpression"/>; null for signs, <c>step()</c> and <c>range()</c>.</param>
/// <param name="Right">As <paramref name="Left"/>; null for <c>step()</c> and <c>range()</c>.</param>
public sealed record DurationExpression(DurationOperator Operator, Expression? Left, Expression? Right) : Expression
{
    /// <summary>Stands in parentheses.</summary>
    public bool IsWrapped { get; init; }

    public override ExpressionType Type => ExpressionType.Scalar;

    public override IReadOnlyList<Expression> Children => [];
}
