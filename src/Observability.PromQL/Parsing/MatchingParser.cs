using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Parsing;

/// <summary>What stands between a binary operator and its right side, and the label lists that aggregations have too.</summary>
internal static class MatchingParser
{
    public static readonly VectorMatching OneToOne = new();
    public static readonly VectorMatching ManyToMany = new() { Cardinality = MatchCardinality.ManyToMany };

    public static VectorMatching Parse(TokenReader tokens)
    {
        VectorMatching matching = OneToOne;
        if (tokens.Kind is TokenKind.On or TokenKind.Ignoring)
        {
            bool on = tokens.Take().Kind == TokenKind.On;
            matching = matching with { On = on, Labels = Labels(tokens) };
            if (tokens.Kind is TokenKind.GroupLeft or TokenKind.GroupRight)
            {
                MatchCardinality cardinality = tokens.Take().Kind == TokenKind.GroupLeft ? MatchCardinality.ManyToOne : MatchCardinality.OneToMany;
                matching = matching with
                {
                    Cardinality = cardinality,
                    Include = tokens.Kind == TokenKind.LeftParenthesis ? Labels(tokens) : [],
                };
            }
        }
        if (tokens.TryTake(TokenKind.Fill))
        {
            double value = FillValue(tokens);
            return matching with { FillLeft = value, FillRight = value };
        }
        if (tokens.TryTake(TokenKind.FillLeft))
        {
            matching = matching with { FillLeft = FillValue(tokens) };
            return tokens.TryTake(TokenKind.FillRight) ? matching with { FillRight = FillValue(tokens) } : matching;
        }
        if (tokens.TryTake(TokenKind.FillRight))
        {
            matching = matching with { FillRight = FillValue(tokens) };
            return tokens.TryTake(TokenKind.FillLeft) ? matching with { FillLeft = FillValue(tokens) } : matching;
        }
        return matching;
    }

    public static IReadOnlyList<string> Labels(TokenReader tokens)
    {
        tokens.Expect(TokenKind.LeftParenthesis, ErrorContext.Grouping);
        var labels = new List<string>(4);
        while (tokens.Kind != TokenKind.RightParenthesis)
        {
            Token token = tokens.Current;
            if (!token.Kind.IsLabelName() && token.Kind != TokenKind.String)
                throw tokens.Unexpected(ErrorContext.GroupingLabel);
            string label = token.Kind == TokenKind.String ? tokens.Unquote(token) : tokens.Value(token);
            if (label.Length == 0 || label.AsSpan().ContainsAnyInRange('\uDC80', '\uDCFF') && !IsWellFormed(label))
                throw tokens.Error(token.Position, $"invalid label name for grouping: {GoStrings.Quote(label)}");
            labels.Add(label);
            tokens.Take();
            if (!tokens.TryTake(TokenKind.Comma) && tokens.Kind != TokenKind.RightParenthesis)
                throw tokens.Unexpected(ErrorContext.AfterGroupingLabel);
        }
        tokens.Take();
        return labels;
    }

    private static double FillValue(TokenReader tokens)
    {
        tokens.Expect(TokenKind.LeftParenthesis);
        double value = LiteralParser.SignedNumber(tokens).Value;
        tokens.Expect(TokenKind.RightParenthesis);
        return value;
    }

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }
        return true;
    }
}
