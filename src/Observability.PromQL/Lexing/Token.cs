using Observability.PromQL.Syntax;

namespace Observability.PromQL.Lexing;

/// <param name="Kind">Which word.</param>
/// <param name="Start">First UTF-16 unit in the text.</param>
/// <param name="End">Behind the last unit.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End)
{
    public PositionRange Position => new(Start, End);

    /// <summary>As Prometheus calls the word in errors: <c>identifier "up"</c>, <c>&lt;op:+&gt;</c>.</summary>
    public string Describe(string text)
    {
        string value = text[Start..End];
        return Kind switch
        {
            TokenKind.EndOfInput => "end of input",
            TokenKind.Identifier => "identifier " + GoStrings.Quote(value),
            TokenKind.MetricIdentifier => "metric identifier " + GoStrings.Quote(value),
            TokenKind.String => "string " + Shortened(value),
            TokenKind.Number => "number " + Shortened(value),
            TokenKind.Duration => "duration " + Shortened(value),
            _ when Kind.IsKeyword() => $"<{value}>",
            _ when Kind.IsOperator() => $"<op:{value}>",
            _ when Kind.IsAggregator() => $"<aggr:{value}>",
            _ => GoStrings.Quote(value),
        };
    }

    private static string Shortened(string value)
    {
        const int Shown = 10;
        if (System.Text.Encoding.UTF8.GetByteCount(value) <= Shown)
            return GoStrings.Quote(value);
        int end = 0;
        for (int runes = 0; runes < Shown && end < value.Length; runes++)
            end += char.IsHighSurrogate(value[end]) && end + 1 < value.Length ? 2 : 1;
        return GoStrings.Quote(value[..end]) + "...";
    }
}
