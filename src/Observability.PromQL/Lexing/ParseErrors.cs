using Observability.PromQL.Syntax;

namespace Observability.PromQL.Lexing;

internal static class ParseErrors
{
    public static PromQlException Create(string text, PositionRange position, string detail) =>
        new($"{position.StartIn(text)}: parse error: {detail}", detail, position);
}
