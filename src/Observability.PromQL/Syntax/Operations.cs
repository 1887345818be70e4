namespace Observability.PromQL.Syntax;

/// <param name="Operand">A scalar or vector.</param>
/// <param name="Negates"><c>-</c>, else <c>+</c>.</param>
public sealed record UnaryExpression(Expression Operand, bool Negates) : Expression
{
    public override ExpressionType Type => Operand.Type;

    public override IReadOnlyList<Expression> Children => [Operand];
}

public sealed record BinaryExpression(BinaryOperator Operator, Expression Left, Expression Right) : Expression
{
    /// <summary>Given exactly where both sides are vectors.</summary>
    public VectorMatching? Matching { get; init; }

    /// <summary>A comparison gives 0 or 1 instead of filtering.</summary>
    public bool ReturnBool { get; init; }

    // Set at construction: asking both sides at each level would cost the square of a chain's length.
    public override ExpressionType Type { get; } =
        Left.Type == ExpressionType.Scalar && Right.Type == ExpressionType.Scalar ? ExpressionType.Scalar : ExpressionType.Vector;

    public override IReadOnlyList<Expression> Children => [Left, Right];
}

public sealed record ParenthesesExpression(Expression Operand) : Expression
{
    public override ExpressionType Type { get; } = Operand.Type;

    public override IReadOnlyList<Expression> Children => [Operand];
}

/// <summary>Has the same value at every step. Made by the engine, never by the parser; prints as its operand.</summary>
public sealed record StepInvariantExpression(Expression Operand) : Expression
{
    public override ExpressionType Type { get; } = Operand.Type;

    public override IReadOnlyList<Expression> Children => [Operand];
}
