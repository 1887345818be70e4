using Observability.Model;
using Observability.PromQL.Syntax;

namespace Observability.PromQL;

/// <summary>Text to tree.</summary>
public static class PromQlParser
{
    /// <exception cref="PromQlException">The text is no valid expression.</exception>
    public static Expression Parse(string text, ParserOptions options)
    {
        throw new NotImplementedException();
    }

    /// <summary>Reads one vector selector without modifiers, as <c>match[]</c> has it.</summary>
    /// <exception cref="PromQlException">The text is no selector.</exception>
    public static IReadOnlyList<Matcher> ParseSelector(string text, ParserOptions options)
    {
        throw new NotImplementedException();
    }
}
