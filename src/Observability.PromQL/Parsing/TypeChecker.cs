using Observability.Model;
using Observability.PromQL.Functions.Signatures;
using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Parsing;

/// <summary>Checks a whole tree, in the order in which Prometheus does, so that of several faults the same one is reported.</summary>
/// <param name="text">The query.</param>
internal readonly struct TypeChecker(string text)
{
    /// <exception cref="PromQlException">A type does not fit, or a selector selects everything.</exception>
    public void Check(Expression expression)
    {
        switch (expression)
        {
            case AggregateExpression aggregate:
                CheckAggregate(aggregate);
                break;
            case BinaryExpression binary:
                CheckBinary(binary);
                break;
            case CallExpression call:
                CheckCall(call);
                break;
            case ParenthesesExpression parentheses:
                Check(parentheses.Operand);
                break;
            case UnaryExpression unary:
                Check(unary.Operand);
                if (!IsScalarOrVector(unary.Operand))
                    throw Error(unary, "unary expression only allowed on expressions of type scalar or instant vector, " +
                        $"got {GoStrings.Quote(unary.Operand.Type.DocumentedName())}");
                break;
            case SubqueryExpression subquery:
                Check(subquery.Operand);
                if (subquery.Operand.Type != ExpressionType.Vector)
                    throw Error(subquery, $"subquery is only allowed on instant vector, got {subquery.Operand.Type.Name()} instead");
                break;
            case MatrixSelector matrix:
                CheckSelector(matrix.Selector);
                break;
            case VectorSelector selector:
                CheckSelector(selector);
                break;
        }
    }

    private void CheckAggregate(AggregateExpression aggregate)
    {
        Expect(aggregate.Operand, ExpressionType.Vector, "aggregation expression");
        if (aggregate.Parameter is not null)
            Expect(aggregate.Parameter, aggregate.Operator == Aggregator.CountValues ? ExpressionType.String : ExpressionType.Scalar, "aggregation parameter");
    }

    private void CheckBinary(BinaryExpression binary)
    {
        Check(binary.Left);
        Check(binary.Right);
        BinaryOperator @operator = binary.Operator;
        ExpressionType left = binary.Left.Type, right = binary.Right.Type;
        VectorMatching? matching = binary.Matching;

        if (binary.ReturnBool && !@operator.IsComparison())
            throw ErrorAtOperator(binary, "bool modifier can only be used on comparison operators");
        if (@operator.IsComparison() && !binary.ReturnBool && left == ExpressionType.Scalar && right == ExpressionType.Scalar)
            throw ErrorAtOperator(binary, "comparisons between scalars must use BOOL modifier");
        if (matching is { On: true, Include.Count: > 0 } && matching.Labels.FirstOrDefault(new HashSet<string>(matching.Include).Contains) is { } twice)
            throw ErrorAtOperator(binary, $"label {GoStrings.Quote(twice)} must not occur in ON and GROUP clause at once");
        foreach (Expression operand in (ReadOnlySpan<Expression>)[binary.Left, binary.Right])
        {
            if (!IsScalarOrVector(operand))
                throw Error(operand, "binary expression must contain only scalar and instant vector types");
        }

        bool fills = matching is not null && (matching.FillLeft is not null || matching.FillRight is not null);
        if (left != ExpressionType.Vector || right != ExpressionType.Vector)
        {
            if (matching is { Labels.Count: > 0 })
                throw Error(binary, "vector matching only allowed between instant vectors");
            if (fills)
                throw Error(binary, "filling in missing series only allowed between instant vectors");
            if (@operator.IsSet())
                throw Error(binary, $"set operator {GoStrings.Quote(@operator.Text())} not allowed in binary scalar expression");
        }
        else if (@operator.IsSet())
        {
            if (matching is { Cardinality: not MatchCardinality.ManyToMany })
                throw Error(binary, $"no grouping allowed for {GoStrings.Quote(@operator.Text())} operation");
            if (fills)
                throw Error(binary, "filling in missing series not allowed for set operators");
        }
    }

    private void CheckCall(CallExpression call)
    {
        FunctionSignature function = call.Function;
        string name = GoStrings.Quote(function.Name);
        int declared = function.ArgumentTypes.Length, given = call.Arguments.Count;
        if (function.Variadic == 0)
        {
            if (given != declared)
                throw Error(call, $"expected {declared} argument(s) in call to {name}, got {given}");
        }
        else if (given < declared - 1)
            throw Error(call, $"expected at least {declared - 1} argument(s) in call to {name}, got {given}");
        else if (function.Variadic > 0 && given > declared - 1 + function.Variadic)
            throw Error(call, $"expected at most {declared - 1 + function.Variadic} argument(s) in call to {name}, got {given}");

        if (function.Name == "info" && given > 1)
        {
            Expression labels = call.Arguments[1];
            if (labels.Type != ExpressionType.Vector)
                throw Error(call, $"expected type instant vector in call to function {name}, got {labels.Type.DocumentedName()}");
            if (labels is not VectorSelector selector)
                throw Error(labels, "expected label selectors only");
            if (selector.Name.Length > 0)
                throw Error(labels, "expected label selectors only, got vector selector instead");
        }
        for (int i = 0; i < given; i++)
        {
            Expression argument = call.Arguments[i];
            ExpressionType wanted = function.ArgumentTypes[Math.Min(i, declared - 1)];
            Check(argument);
            if (argument.Type != wanted)
                throw Error(argument, $"expected type {wanted.DocumentedName()} in call to function {name}, got {argument.Type.DocumentedName()}");
        }
    }

    private void CheckSelector(VectorSelector selector)
    {
        if (selector.Name.Length > 0)
        {
            for (int i = 0; i < selector.Matchers.Count - 1; i++)
            {
                if (selector.Matchers[i].Name == LabelNames.MetricName)
                    throw Error(selector, $"metric name must not be set twice: {GoStrings.Quote(selector.Name)} or {GoStrings.Quote(selector.Matchers[i].Value)}");
            }
            return;
        }
        if (selector.MayMatchAll)
            return;
        foreach (Matcher matcher in selector.Matchers)
        {
            if (!matcher.Matches(""))
                return;
        }
        throw Error(selector, "vector selector must contain at least one non-empty matcher");
    }

    private void Expect(Expression expression, ExpressionType wanted, string context)
    {
        Check(expression);
        if (expression.Type != wanted)
            throw Error(expression, $"expected type {wanted.DocumentedName()} in {context}, got {expression.Type.DocumentedName()}");
    }

    private static bool IsScalarOrVector(Expression expression) => expression.Type is ExpressionType.Scalar or ExpressionType.Vector;

    private PromQlException Error(Expression expression, string detail) => ParseErrors.Create(text, expression.Position, detail);

    private PromQlException ErrorAtOperator(BinaryExpression binary, string detail)
    {
        int start = binary.Left.Position.End, end = binary.Right.Position.Start - 1;
        while (start < text.Length && Lexer.IsSpace(text[start]))
            start++;
        while (end > start && Lexer.IsSpace(text[end]))
            end--;
        return ParseErrors.Create(text, new PositionRange(start, end), detail);
    }
}
