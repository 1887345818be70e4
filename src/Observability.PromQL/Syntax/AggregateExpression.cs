namespace Observability.PromQL.Syntax;

/// <summary><c>sum by (pod) (…)</c></summary>
/// <param name="Operator">What is done with each group.</param>
/// <param name="Operand">A vector.</param>
/// <param name="Parameter">Given exactly where <see cref="Aggregators.TakesParameter"/>: a scalar, for <c>count_values</c> a string.</param>
public sealed record AggregateExpression(Aggregator Operator, Expression Operand, Expression? Parameter = null) : Expression
{
    /// <summary>Labels of <c>by</c> or <c>without</c>, as written.</summary>
    public IReadOnlyList<string> Grouping { get; init; } = [];

    public bool Without { get; init; }

    public override ExpressionType Type => ExpressionType.Vector;

    public override IReadOnlyList<Expression> Children => Parameter is null ? [Operand] : [Operand, Parameter];
}
