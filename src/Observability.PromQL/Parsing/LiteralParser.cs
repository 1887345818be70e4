using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Parsing;

/// <summary>Numbers and durations, which stand for each other nearly everywhere.</summary>
internal static class LiteralParser
{
    public static NumberLiteral Number(TokenReader tokens)
    {
        if (tokens.Kind is not (TokenKind.Number or TokenKind.Duration))
            throw tokens.Unexpected();
        Token token = tokens.Current;
        double value;
        string error;
        bool isDuration = token.Kind == TokenKind.Duration;
        if (isDuration ? !QueryDurations.TryParse(tokens.Span(token), out value, out error) : !GoNumbers.TryParse(tokens.Span(token), out value, out error))
            throw tokens.Error(token.Position, isDuration ? error : $"error parsing number: {error}");
        tokens.Take();
        return new NumberLiteral(value, isDuration) { Position = token.Position };
    }

    public static NumberLiteral SignedNumber(TokenReader tokens)
    {
        if (!tokens.Kind.IsSign())
            return Number(tokens);
        Token sign = tokens.Take();
        return Signed(sign, Number(tokens));
    }

    public static NumberLiteral Signed(Token sign, NumberLiteral number) =>
        number with
        {
            Value = sign.Kind == TokenKind.Subtract ? -number.Value : number.Value,
            Position = new PositionRange(sign.Start, number.Position.End),
        };
}
