using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Planning;

internal static class ResultOrder
{
    /// <summary>Whether a part of an instant query puts its series in an order.</summary>
    public static bool Matters(Expression query) => query switch
    {
        AggregateExpression { Operator: Aggregator.TopK or Aggregator.BottomK } => true,
        CallExpression { Function.Name: "sort" or "sort_desc" or "sort_by_label" or "sort_by_label_desc" } => true,
        _ => query.Children.Any(Matters),
    };
}
