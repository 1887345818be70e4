using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Planning;

/// <summary>
/// Makes a tree ready to be evaluated over known times: durations get their values, <c>@ start()</c> and <c>@ end()</c> theirs, and
/// whatever has the same value at every step is wrapped so that it is evaluated once.
/// </summary>
internal sealed class QueryPlanner(long startMs, long endMs)
{
    public static Expression Plan(Expression query, long startMs, long endMs, long stepMs)
    {
        Expression resolved = DurationResolver.Resolve(query, startMs, endMs, stepMs);
        (Expression planned, bool invariant, bool wraps) = new QueryPlanner(startMs, endMs).Plan(resolved);
        return invariant && wraps ? new StepInvariantExpression(planned) { Position = planned.Position } : planned;
    }

    /// <returns>The node, whether it is the same at every step, and whether wrapping it is worth while.</returns>
    private (Expression Node, bool Invariant, bool Wraps) Plan(Expression expression)
    {
        switch (expression)
        {
            case VectorSelector selector:
                return (selector with { At = Fix(selector.At) }, selector.At is not null, selector.At is not null);
            case MatrixSelector matrix:
                return (matrix with { Selector = matrix.Selector with { At = Fix(matrix.Selector.At) } }, matrix.Selector.At is not null, false);
            case SubqueryExpression subquery:
                (Expression operand, bool operandInvariant, bool _) = Plan(subquery.Operand);
                if (operandInvariant)
                    operand = Wrapped(operand);
                return (subquery with { Operand = operand, At = Fix(subquery.At) }, subquery.At is not null, subquery.At is not null);
            case ParenthesesExpression parentheses:
                (Expression inner, bool innerInvariant, bool innerWraps) = Plan(parentheses.Operand);
                return (parentheses with { Operand = inner }, innerInvariant, innerWraps);
            case UnaryExpression unary:
                (Expression signed, bool signedInvariant, bool signedWraps) = Plan(unary.Operand);
                return (unary with { Operand = signed }, signedInvariant, signedWraps);
            case AggregateExpression aggregate:
                return Plan(aggregate);
            case BinaryExpression binary:
                return Plan(binary);
            case CallExpression call:
                return Plan(call);
            default:
                return (expression, true, false); // literals
        }
    }

    private (Expression Node, bool Invariant, bool Wraps) Plan(AggregateExpression aggregate)
    {
        (Expression operand, bool invariant, bool wraps) = Plan(aggregate.Operand);
        if (aggregate.Parameter is null)
            return (aggregate with { Operand = operand }, invariant, wraps);
        (Expression parameter, bool parameterInvariant, bool parameterWraps) = Plan(aggregate.Parameter);
        if (invariant && parameterInvariant)
            return (aggregate with { Operand = operand, Parameter = parameter }, true, true);
        return (aggregate with
        {
            Operand = wraps ? Wrapped(operand) : operand,
            Parameter = parameterInvariant && parameterWraps ? Wrapped(parameter) : parameter,
        }, false, false);
    }

    private (Expression Node, bool Invariant, bool Wraps) Plan(BinaryExpression binary)
    {
        (Expression left, bool leftInvariant, bool leftWraps) = Plan(binary.Left);
        (Expression right, bool rightInvariant, bool rightWraps) = Plan(binary.Right);
        if (leftInvariant && rightInvariant)
            return (binary with { Left = left, Right = right }, true, true);
        return (binary with { Left = leftWraps ? Wrapped(left) : left, Right = rightWraps ? Wrapped(right) : right }, false, false);
    }

    private (Expression Node, bool Invariant, bool Wraps) Plan(CallExpression call)
    {
        var arguments = new Expression[call.Arguments.Count];
        var wraps = new bool[arguments.Length];
        bool invariant = !SeesTheStep(call.Function.Name);
        for (int i = 0; i < arguments.Length; i++)
        {
            (arguments[i], bool argumentInvariant, wraps[i]) = Plan(call.Arguments[i]);
            invariant &= argumentInvariant;
        }
        if (!invariant)
        {
            for (int i = 0; i < arguments.Length; i++)
            {
                // A range vector has its own way to be the same at every step.
                if (wraps[i] && arguments[i].Type != ExpressionType.Matrix)
                    arguments[i] = Wrapped(arguments[i]);
            }
        }
        return (call with { Arguments = arguments }, invariant, invariant);
    }

    /// <summary>Functions whose value depends on the time of the step even where their arguments do not.</summary>
    private static bool SeesTheStep(string function) => function is "time" or "timestamp" or "predict_linear" or "day_of_month" or "day_of_week" or
        "day_of_year" or "days_in_month" or "hour" or "minute" or "month" or "year";

    private static StepInvariantExpression Wrapped(Expression expression) => new(expression) { Position = expression.Position };

    private AtModifier? Fix(AtModifier? at) => at switch
    {
        null => null,
        { Kind: AtKind.Start } => new AtModifier(AtKind.Time, startMs),
        { Kind: AtKind.End } => new AtModifier(AtKind.Time, endMs),
        _ => at,
    };
}
