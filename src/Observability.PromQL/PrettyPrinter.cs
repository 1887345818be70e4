using System.Text;
using Observability.PromQL.Printing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL;

/// <summary>Tree to text over several lines where one would be longer than 100 characters, as Prometheus' <c>format_query</c> does it.</summary>
public static class PrettyPrinter
{
    private const int MaxLine = 100;

    public static string Print(Expression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return Pretty(expression, 0, null);
    }

    private static string Pretty(Expression expression, int level, BinaryOperator? follower)
    {
        if (expression is StepInvariantExpression invariant)
            return Pretty(invariant.Operand, level, follower);
        string indent = Indent(level);
        if (expression is UnaryExpression unary)
            return indent + (unary.Negates ? "-" : "+") + Pretty(unary.Operand, level, follower).Trim();

        string line = Printer.Print(expression, follower);
        if (Encoding.UTF8.GetByteCount(line) <= MaxLine || expression is VectorSelector or MatrixSelector or NumberLiteral or StringLiteral)
            return expression is SubqueryExpression ? line : indent + line;
        var text = new StringBuilder();
        var writer = new TreeWriter(text);
        switch (expression)
        {
            case AggregateExpression aggregate:
                text.Append(indent);
                writer.WriteAggregateHead(aggregate);
                text.Append("(\n");
                if (aggregate.Parameter is not null)
                    text.Append(Pretty(aggregate.Parameter, level + 1, null)).Append(",\n");
                text.Append(Pretty(aggregate.Operand, level + 1, null)).Append('\n').Append(indent).Append(')');
                break;
            case BinaryExpression binary:
                text.Append(Pretty(binary.Left, level + 1, binary.Operator)).Append('\n').Append(indent);
                writer.WriteOperator(binary);
                text.Append('\n').Append(Pretty(binary.Right, level + 1, follower));
                break;
            case CallExpression call:
                text.Append(indent).Append(call.Function.Name).Append("(\n")
                    .AppendJoin(",\n", call.Arguments.Select(argument => Pretty(argument, level + 1, null)))
                    .Append('\n').Append(indent).Append(')');
                break;
            case ParenthesesExpression parentheses:
                text.Append(indent).Append("(\n").Append(Pretty(parentheses.Operand, level + 1, null)).Append('\n').Append(indent).Append(')');
                break;
            case SubqueryExpression subquery:
                text.Append(Pretty(subquery.Operand, level, null));
                writer.WriteSubquerySuffix(subquery, follower);
                break;
        }
        return text.ToString();
    }

    private static string Indent(int level) => new(' ', 2 * level);
}
