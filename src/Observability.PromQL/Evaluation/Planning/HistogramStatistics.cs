using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Planning;

internal static class HistogramStatistics
{
    /// <summary>
    /// Selectors inside of <c>histogram_count</c>, <c>histogram_sum</c> or <c>histogram_avg</c>, unless a subquery or a function that needs
    /// buckets is around them too.
    /// </summary>
    public static HashSet<VectorSelector> Find(Expression query)
    {
        var found = new HashSet<VectorSelector>(ReferenceEqualityComparer.Instance);
        Walk(query, false, found);
        return found;
    }

    private static void Walk(Expression expression, bool asked, HashSet<VectorSelector> found)
    {
        switch (expression)
        {
            case SubqueryExpression or CallExpression { Function.Name: "histogram_quantile" or "histogram_fraction" }:
                return;
            case VectorSelector selector when asked:
                found.Add(selector);
                return;
            case CallExpression { Function.Name: "histogram_count" or "histogram_sum" or "histogram_avg" }:
                asked = true;
                break;
        }
        foreach (Expression child in expression.Children)
            Walk(child, asked, found);
    }
}
