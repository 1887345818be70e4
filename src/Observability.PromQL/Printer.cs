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
        var text = new StringBuilder();
        new TreeWriter(text).Write(expression);
        return text.ToString();
    }
}
