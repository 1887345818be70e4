namespace Observability.PromQL.Syntax;

/// <param name="Value">Any double.</param>
/// <param name="IsDuration">Written as a duration: <c>5m</c> is 300.</param>
public sealed record NumberLiteral(double Value, bool IsDuration = false) : Expression
{
    public override ExpressionType Type => ExpressionType.Scalar;

    public override IReadOnlyList<Expression> Children => [];
}

/// <param name="Value">The text without quotes and escapes. A byte that is not UTF-8 (<c>"\xc5"</c>) stands as the lone surrogate U+DC00 + byte.</param>
public sealed record StringLiteral(string Value) : Expression
{
    public override ExpressionType Type => ExpressionType.String;

    public override IReadOnlyList<Expression> Children => [];
}
