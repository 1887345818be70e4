using System.Text;
using Observability.PromQL.Printing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL;

/// <summary>
/// Tree to text over several lines where one would be longer than 100 bytes, as Prometheus' <c>format_query</c> does it. A query of which
/// indentation would make more than a million characters stays on one line.
/// </summary>
public static class PrettyPrinter
{
    private const int MaxLine = 100;
    private const int MaxText = 1024 * 1024;

    public static string Print(Expression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var text = new StringBuilder();
        new Writer(text).Write(expression, 0, null);
        return text.Length <= MaxText ? text.ToString() : Printer.Print(expression);
    }

    private readonly struct Writer(StringBuilder text)
    {
        private readonly StringBuilder _line = new();

        public void Write(Expression expression, int level, BinaryOperator? follower)
        {
            if (text.Length > MaxText)
                return;
            switch (expression)
            {
                case StepInvariantExpression invariant:
                    Write(invariant.Operand, level, follower);
                    return;
                case UnaryExpression unary:
                    Indent(level).Append(unary.Negates ? '-' : '+');
                    WriteUnindented(unary.Operand, level, follower);
                    return;
                case SubqueryExpression when Fits(expression, follower): // without indentation, by an oversight that clients have come to know
                    new TreeWriter(text).Write(expression, follower);
                    return;
                case VectorSelector or MatrixSelector or NumberLiteral or StringLiteral:
                case not SubqueryExpression when Fits(expression, follower):
                    Indent(level);
                    new TreeWriter(text).Write(expression, follower);
                    return;
            }
            WriteParts(expression, level, follower);
        }

        private void WriteParts(Expression expression, int level, BinaryOperator? follower)
        {
            var writer = new TreeWriter(text);
            switch (expression)
            {
                case AggregateExpression aggregate:
                    Indent(level);
                    writer.WriteAggregateHead(aggregate);
                    text.Append("(\n");
                    if (aggregate.Parameter is not null)
                    {
                        Write(aggregate.Parameter, level + 1, null);
                        text.Append(",\n");
                    }
                    Write(aggregate.Operand, level + 1, null);
                    Close(level);
                    break;
                case BinaryExpression binary:
                    Write(binary.Left, level + 1, binary.Operator);
                    text.Append('\n');
                    Indent(level);
                    writer.WriteOperator(binary);
                    text.Append('\n');
                    Write(binary.Right, level + 1, follower);
                    break;
                case CallExpression call:
                    Indent(level).Append(call.Function.Name).Append("(\n");
                    for (int i = 0; i < call.Arguments.Count; i++)
                    {
                        if (i > 0)
                            text.Append(",\n");
                        Write(call.Arguments[i], level + 1, null);
                    }
                    Close(level);
                    break;
                case ParenthesesExpression parentheses:
                    Indent(level).Append("(\n");
                    Write(parentheses.Operand, level + 1, null);
                    Close(level);
                    break;
                case SubqueryExpression subquery:
                    Write(subquery.Operand, level, null);
                    writer.WriteSubquerySuffix(subquery, follower);
                    break;
            }
        }

        /// <summary>Behind a sign.</summary>
        private void WriteUnindented(Expression expression, int level, BinaryOperator? follower)
        {
            int start = text.Length;
            Write(expression, level, follower);
            int spaces = 0;
            while (start + spaces < text.Length && text[start + spaces] is ' ' or '\n')
                spaces++;
            text.Remove(start, spaces);
        }

        private bool Fits(Expression expression, BinaryOperator? follower)
        {
            _line.Clear();
            new TreeWriter(_line, MaxLine).Write(expression, follower);
            return _line.Length <= MaxLine && Encoding.UTF8.GetByteCount(_line.ToString()) <= MaxLine;
        }

        private void Close(int level)
        {
            text.Append('\n');
            Indent(level).Append(')');
        }

        private StringBuilder Indent(int level) => text.Append(' ', 2 * level);
    }
}
