using System.Text;
using Observability.PromQL.Printing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL;

/// <summary>Tree to text on one line, in the form of Prometheus; parses to the same tree.</summary>
public static class Printer
{
    public static string Print(Expression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return Print(expression, null);
    }

    internal static string Print(Expression expression, BinaryOperator? follower)
    {
        var text = new StringBuilder();
        new TreeWriter(text).Write(expression, follower);
        return text.ToString();
    }
}
