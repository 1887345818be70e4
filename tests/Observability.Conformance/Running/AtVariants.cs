using Observability.PromQL.Syntax;

namespace Observability.Conformance.Running;

/// <summary>
/// The same query with its time written into it: with <c>@</c> at every selector and subquery it must give the same at any time of evaluation.
/// </summary>
internal static class AtVariants
{
    private static readonly HashSet<string> FollowTime = new(StringComparer.Ordinal)
    {
        "days_in_month", "day_of_month", "day_of_week", "day_of_year", "end", "hour", "minute", "month", "predict_linear", "range", "start", "step",
        "time", "timestamp", "year",
    };

    /// <summary>Times to evaluate <see cref="Fix"/>'s query at.</summary>
    public static long[] Times(long timeMs) => timeMs == 0 ? [-1000, 0, 1000] : [-10 * timeMs, 0, timeMs / 5, timeMs, 10 * timeMs];

    /// <returns>The query with its time in it; null where a function follows the time of evaluation.</returns>
    public static Expression? Fix(Expression query, long timeMs) => Calls(query, intoSubqueries: false).Any(FollowTime.Contains) ? null : Put(query, new AtModifier(AtKind.Time, timeMs));

    /// <summary>Whether a range query means something else by it than an instant query.</summary>
    public static bool FollowsRange(Expression query) =>
        Calls(query, intoSubqueries: true).Any(name => name is "start" or "end" or "range" or "step") || UsesSteps(query);

    /// <summary>Functions called. Those below a subquery follow the subquery's time, which is fixed with it.</summary>
    private static IEnumerable<string> Calls(Expression expression, bool intoSubqueries) =>
        (expression is SubqueryExpression && !intoSubqueries ? [] : expression.Children.SelectMany(child => Calls(child, intoSubqueries)))
        .Concat(expression is CallExpression call ? [call.Function.Name] : []);

    private static bool UsesSteps(Expression expression) => expression switch
    {
        VectorSelector selector => selector.At is { Kind: not AtKind.Time } || Uses(selector.OffsetExpression),
        MatrixSelector matrix => UsesSteps(matrix.Selector) || Uses(matrix.RangeExpression),
        SubqueryExpression subquery => subquery.At is { Kind: not AtKind.Time } || Uses(subquery.OffsetExpression) || Uses(subquery.RangeExpression) ||
            Uses(subquery.StepExpression) || UsesSteps(subquery.Operand),
        _ => expression.Children.Any(UsesSteps),
    };

    private static bool Uses(Expression? duration) => duration is DurationExpression expression &&
        (expression.Operator is DurationOperator.Step or DurationOperator.Range || Uses(expression.Left) || Uses(expression.Right));

    private static Expression Put(Expression expression, AtModifier at) => expression switch
    {
        VectorSelector selector => Fixed(selector, at),
        MatrixSelector matrix => matrix with { Selector = Fixed(matrix.Selector, at) },
        // What is below a subquery with a time of its own follows that.
        SubqueryExpression { At.Kind: AtKind.Time } => expression,
        SubqueryExpression subquery => subquery with { At = at },
        UnaryExpression unary => unary with { Operand = Put(unary.Operand, at) },
        ParenthesesExpression parentheses => parentheses with { Operand = Put(parentheses.Operand, at) },
        BinaryExpression binary => binary with { Left = Put(binary.Left, at), Right = Put(binary.Right, at) },
        AggregateExpression aggregate => aggregate with
        {
            Operand = Put(aggregate.Operand, at),
            Parameter = aggregate.Parameter is null ? null : Put(aggregate.Parameter, at),
        },
        CallExpression call => call with { Arguments = [.. call.Arguments.Select(argument => Put(argument, at))] },
        _ => expression,
    };

    private static VectorSelector Fixed(VectorSelector selector, AtModifier at) => selector.At is { Kind: AtKind.Time } ? selector : selector with { At = at };
}
