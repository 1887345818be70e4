using Observability.Model;
using Observability.PromQL.Lexing;
using Observability.PromQL.Parsing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL;

/// <summary>Text to tree.</summary>
public static class PromQlParser
{
    /// <exception cref="PromQlException">The text is no valid expression.</exception>
    public static Expression Parse(string text, ParserOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        var tokens = new TokenReader(text, options);
        if (tokens.Kind == TokenKind.EndOfInput)
            throw tokens.Error(new PositionRange(0, 0), "no expression found in input");
        Expression expression = ExpressionParser.Parse(tokens);
        tokens.Expect(TokenKind.EndOfInput);
        new TypeChecker(text).Check(expression);
        return expression;
    }

    /// <summary>Reads one vector selector without modifiers, as <c>match[]</c> has it. It may match everything: that is for the caller to judge.</summary>
    /// <exception cref="PromQlException">The text is no selector.</exception>
    public static IReadOnlyList<Matcher> ParseSelector(string text, ParserOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        var tokens = new TokenReader(text, options);
        VectorSelector selector = SelectorParser.Selector(tokens);
        tokens.Expect(TokenKind.EndOfInput);
        return selector.Matchers;
    }
}
