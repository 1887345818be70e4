namespace Observability.PromQL.Syntax;

/// <summary>Puts values where durations have to be computed, once the query's times are known.</summary>
public static class DurationResolver
{
    /// <param name="expression">Not changed; returned itself where nothing has to be computed.</param>
    /// <param name="startMs">The query's first step.</param>
    /// <param name="endMs">The query's last step.</param>
    /// <param name="stepMs">0 for an instant query.</param>
    /// <exception cref="PromQlException">A duration is zero or negative where it must not be, or out of range.</exception>
    public static Expression Resolve(Expression expression, long startMs, long endMs, long stepMs)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new Resolution((endMs - startMs) / 1000.0, stepMs / 1000.0).Resolve(expression);
    }

    private readonly struct Resolution(double rangeSeconds, double stepSeconds)
    {
        public Expression Resolve(Expression expression)
        {
            switch (expression)
            {
                case VectorSelector { OffsetExpression: not null } selector:
                    return ResolveSelector(selector);
                case MatrixSelector matrix when matrix.RangeExpression is not null || matrix.Selector.OffsetExpression is not null:
                    return matrix with
                    {
                        Selector = ResolveSelector(matrix.Selector),
                        RangeMs = matrix.RangeExpression is { } range ? Positive(range) : matrix.RangeMs,
                    };
                case SubqueryExpression subquery:
                    Expression operand = Resolve(subquery.Operand);
                    if (ReferenceEquals(operand, subquery.Operand) &&
                        subquery is { OffsetExpression: null, RangeExpression: null, StepExpression: null })
                        return subquery;
                    return subquery with
                    {
                        Operand = operand,
                        OffsetMs = subquery.OffsetExpression is { } offset ? Milliseconds(offset) : subquery.OffsetMs,
                        StepMs = subquery.StepExpression is { } step ? Positive(step) : subquery.StepMs,
                        RangeMs = subquery.RangeExpression is { } window ? Positive(window) : subquery.RangeMs,
                    };
                case ParenthesesExpression parentheses:
                    Expression inner = Resolve(parentheses.Operand);
                    return ReferenceEquals(inner, parentheses.Operand) ? parentheses : parentheses with { Operand = inner };
                case UnaryExpression unary:
                    Expression signed = Resolve(unary.Operand);
                    return ReferenceEquals(signed, unary.Operand) ? unary : unary with { Operand = signed };
                case StepInvariantExpression invariant:
                    Expression constant = Resolve(invariant.Operand);
                    return ReferenceEquals(constant, invariant.Operand) ? invariant : invariant with { Operand = constant };
                case BinaryExpression binary:
                    Expression left = Resolve(binary.Left), right = Resolve(binary.Right);
                    return ReferenceEquals(left, binary.Left) && ReferenceEquals(right, binary.Right) ? binary
                        : binary with { Left = left, Right = right };
                case AggregateExpression aggregate:
                    Expression aggregated = Resolve(aggregate.Operand);
                    Expression? parameter = aggregate.Parameter is null ? null : Resolve(aggregate.Parameter);
                    return ReferenceEquals(aggregated, aggregate.Operand) && ReferenceEquals(parameter, aggregate.Parameter) ? aggregate
                        : aggregate with { Operand = aggregated, Parameter = parameter };
                case CallExpression call:
                    return ResolveCall(call);
                default:
                    return expression;
            }
        }

        private CallExpression ResolveCall(CallExpression call)
        {
            Expression[]? arguments = null;
            for (int i = 0; i < call.Arguments.Count; i++)
            {
                Expression resolved = Resolve(call.Arguments[i]);
                if (!ReferenceEquals(resolved, call.Arguments[i]))
                    (arguments ??= [.. call.Arguments])[i] = resolved;
            }
            return arguments is null ? call : call with { Arguments = arguments };
        }

        private VectorSelector ResolveSelector(VectorSelector selector) =>
            selector.OffsetExpression is { } offset ? selector with { OffsetMs = Milliseconds(offset) } : selector;

        private long Positive(DurationExpression duration) =>
            Milliseconds(duration) is var value and > 0 ? value : throw Error(duration, "duration must be greater than 0");

        private long Milliseconds(DurationExpression duration)
        {
            double seconds = Evaluate(duration);
            if (!(Math.Abs(seconds) < 9223372036854775808.0 / 1e9))
                throw Error(duration, "duration is out of range");
            return (long)(seconds * 1000);
        }

        private double Evaluate(Expression expression)
        {
            if (expression is NumberLiteral number)
                return number.Value;
            if (expression is not DurationExpression duration)
                throw Error(expression, "a duration cannot be computed from this");
            double left = duration.Left is null ? 0 : Evaluate(duration.Left);
            double right = duration.Right is null ? 0 : Evaluate(duration.Right);
            return duration.Operator switch
            {
                DurationOperator.Add => left + right,
                DurationOperator.Subtract => left - right,
                DurationOperator.Multiply => left * right,
                DurationOperator.Divide => right == 0 ? throw Error(duration, "division by zero") : left / right,
                DurationOperator.Modulo => right == 0 ? throw Error(duration, "modulo by zero") : left % right,
                DurationOperator.Power => Math.Pow(left, right),
                DurationOperator.Step => stepSeconds,
                DurationOperator.Range => rangeSeconds,
                DurationOperator.MinOf => Math.Min(left, right),
                _ => Math.Max(left, right),
            };
        }

        private static PromQlException Error(Expression expression, string message) => new(message, message, expression.Position);
    }
}
