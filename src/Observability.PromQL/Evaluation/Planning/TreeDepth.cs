using System.Globalization;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Planning;

internal static class TreeDepth
{
    /// <summary>Walks without recursion, so that it can look at trees that nobody could recurse into.</summary>
    /// <exception cref="QueryLimitException">Deeper than <paramref name="max"/>.</exception>
    public static void Check(Expression expression, int max)
    {
        var open = new Stack<(Expression Node, int Depth)>();
        open.Push((expression, 1));
        while (open.TryPop(out (Expression Node, int Depth) top))
        {
            if (top.Depth > max)
                throw new QueryLimitException(QueryLimit.Depth, $"query is nested too deeply: the limit is {max.ToString(CultureInfo.InvariantCulture)} levels");
            foreach (Expression child in top.Node.Children)
                open.Push((child, top.Depth + 1));
        }
    }
}
