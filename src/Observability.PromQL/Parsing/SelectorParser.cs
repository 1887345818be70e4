using Observability.Model;
using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Parsing;

/// <summary>Vector selectors: a metric's name, matchers, or both.</summary>
internal static class SelectorParser
{
    public static VectorSelector Selector(TokenReader tokens)
    {
        if (tokens.Kind.IsMetricName())
            return Named(tokens, tokens.Take());
        if (tokens.Kind != TokenKind.LeftBrace)
            throw tokens.Unexpected();
        int start = tokens.Current.Start;
        return new VectorSelector { Matchers = Matchers(tokens, ""), Position = new PositionRange(start, tokens.LastClosing) };
    }

    /// <summary>Behind a name that is taken already.</summary>
    public static VectorSelector Named(TokenReader tokens, Token nameToken)
    {
        string name = tokens.Value(nameToken);
        if (tokens.Kind != TokenKind.LeftBrace)
            return new VectorSelector { Name = name, Matchers = [Matcher.Equal(LabelNames.MetricName, name)], Position = nameToken.Position };
        return new VectorSelector
        {
            Name = name,
            Matchers = Matchers(tokens, name),
            Position = new PositionRange(nameToken.Start, tokens.LastClosing),
        };
    }

    private static Matcher[] Matchers(TokenReader tokens, string name)
    {
        tokens.Take();
        var matchers = new List<Matcher>(4);
        while (tokens.Kind != TokenKind.RightBrace)
        {
            matchers.Add(One(tokens));
            if (!tokens.TryTake(TokenKind.Comma) && tokens.Kind != TokenKind.RightBrace)
                throw tokens.Unexpected(ErrorContext.AfterMatcher);
        }
        tokens.Take();
        if (name.Length > 0)
            matchers.Add(Matcher.Equal(LabelNames.MetricName, name)); // last, where the type check looks for it
        return [.. matchers];
    }

    private static Matcher One(TokenReader tokens)
    {
        Token label = tokens.Current;
        if (label.Kind is not (TokenKind.Identifier or TokenKind.String))
            throw tokens.Unexpected(ErrorContext.Matcher);
        string name = label.Kind == TokenKind.String ? tokens.Unquote(label) : tokens.Value(label);
        tokens.Take();
        if (!tokens.Kind.IsMatchOperator())
        {
            return label.Kind == TokenKind.String ? Make(tokens, LabelNames.MetricName, MatchOperator.Equal, name, label.Position)
                : throw tokens.Unexpected(ErrorContext.MatchOperator);
        }
        MatchOperator @operator = tokens.Take().Kind switch
        {
            TokenKind.Assign => MatchOperator.Equal,
            TokenKind.NotEqual => MatchOperator.NotEqual,
            TokenKind.EqualRegex => MatchOperator.Regex,
            _ => MatchOperator.NotRegex,
        };
        Token value = tokens.Expect(TokenKind.String, ErrorContext.MatchValue);
        return Make(tokens, name, @operator, tokens.Unquote(value), PositionRange.Merge(label.Position, value.Position));
    }

    private static Matcher Make(TokenReader tokens, string name, MatchOperator @operator, string value, PositionRange position)
    {
        try
        {
            var matcher = new Matcher(name, @operator, value);
            tokens.AddPattern(matcher.Cost, position);
            return matcher;
        }
        catch (ArgumentException exception)
        {
            throw tokens.Error(position, name.Length == 0 ? "a label has no name" : exception.Message);
        }
    }
}
