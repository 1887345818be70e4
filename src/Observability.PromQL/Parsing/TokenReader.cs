using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Parsing;

/// <summary>The tokens of one query, one ahead, and what all parts of the parser report errors with.</summary>
internal sealed class TokenReader
{
    private readonly Lexer _lexer;
    private int _nesting;
    private int _patternCost;

    public TokenReader(string text, ParserOptions options)
    {
        Text = text;
        Options = options;
        if (text.Length > options.MaxLength)
            throw Error(new PositionRange(0, text.Length), $"the query is longer than {options.MaxLength} characters");
        _lexer = new Lexer(text);
        Advance();
    }

    public string Text { get; }

    public ParserOptions Options { get; }

    /// <summary>The token that is not yet taken.</summary>
    public Token Current { get; private set; }

    public TokenKind Kind => Current.Kind;

    /// <summary>End of the last token taken that can close an expression.</summary>
    public int LastClosing { get; private set; }

    /// <summary>What an unexpected token is reported to stand in: the innermost construct that Prometheus names.</summary>
    public ErrorContext Context { get; set; }

    public Token Take()
    {
        Token token = Current;
        if (token.Kind is TokenKind.RightBrace or TokenKind.RightParenthesis or TokenKind.RightBracket or TokenKind.Duration or TokenKind.Number)
            LastClosing = token.End;
        Advance();
        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Kind != kind)
            return false;
        Take();
        return true;
    }

    public Token Expect(TokenKind kind) => Kind == kind ? Take() : throw Unexpected();

    public Token Expect(TokenKind kind, ErrorContext context) => Kind == kind ? Take() : throw Unexpected(context);

    public ReadOnlySpan<char> Span(Token token) => Text.AsSpan(token.Start, token.End - token.Start);

    public string Value(Token token) => Text[token.Start..token.End];

    public string Unquote(Token token) => GoStrings.Unquote(Span(token));

    /// <summary>Guards every recursion of the parser; undone by <see cref="Leave"/>, which an error need not reach.</summary>
    public void Enter()
    {
        if (++_nesting > Options.MaxDepth)
            throw TooDeep(Current.Position);
    }

    public void Leave() => _nesting--;

    /// <summary>Counts a pattern, which may be short and yet keep much.</summary>
    public void AddPattern(int cost, PositionRange position)
    {
        _patternCost += cost;
        if (_patternCost > Options.MaxPatternCost)
            throw Error(position, $"the regular expressions of the query are too large: together they need more than {Options.MaxPatternCost} steps");
    }

    public PromQlException TooDeep(PositionRange position) => Error(position, $"the query is nested deeper than {Options.MaxDepth} levels");

    public PromQlException Unexpected() => Unexpected(Context);

    public PromQlException Unexpected(ErrorContext context) =>
        Error(Current.Position, $"unexpected {Current.Describe(Text)}{context.Suffix}");

    public PromQlException Error(PositionRange position, string detail) => ParseErrors.Create(Text, position, detail);

    private void Advance() => Current = _lexer.Next();
}
