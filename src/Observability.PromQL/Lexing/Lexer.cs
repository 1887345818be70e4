using System.Diagnostics.CodeAnalysis;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Lexing;

/// <summary>Cuts a query into tokens. What a character means depends on the brackets around it, as in Prometheus.</summary>
/// <param name="text">The query.</param>
internal sealed class Lexer(string text)
{
    private int _at;
    private int _parentheses;
    private bool _inBraces;
    private bool _inBrackets;

    /// <summary>Behind <c>[</c>, before its first number: only durations may follow.</summary>
    private bool _expectsDuration;
    private bool _hasColon;
    private bool _hasDuration;

    /// <exception cref="PromQlException">No token begins here.</exception>
    public Token Next()
    {
        while (true)
        {
            SkipSpaces();
            if (_at >= text.Length || text[_at] != '#' || _expectsDuration)
                break;
            int end = text.AsSpan(_at).IndexOfAny('\n', '\r');
            _at = end < 0 ? text.Length : _at + end;
        }
        if (_inBraces)
            return NextInBraces();
        return _expectsDuration ? NextInDuration() : NextInStatement();
    }

    private Token NextInStatement()
    {
        int start = _at;
        if (start >= text.Length)
        {
            if (_parentheses != 0)
                throw Error(start, "unclosed left parenthesis");
            if (_inBrackets)
                throw Error(start, "unclosed left bracket");
            return new Token(TokenKind.EndOfInput, start, start);
        }
        char c = text[start];
        char next = Peek(start + 1);
        switch (c)
        {
            case ',':
                return Take(TokenKind.Comma, 1);
            case '*':
                return Take(TokenKind.Multiply, 1);
            case '/':
                return Take(TokenKind.Divide, 1);
            case '%':
                return Take(TokenKind.Modulo, 1);
            case '+':
                return Take(TokenKind.Add, 1);
            case '-':
                return Take(TokenKind.Subtract, 1);
            case '^':
                return Take(TokenKind.Power, 1);
            case '@':
                return Take(TokenKind.At, 1);
            case '=':
                if (next == '~')
                    throw Error(start, $"unexpected character after '=': {GoStrings.QuoteRune(text, start + 1)}");
                return next == '=' ? Take(TokenKind.Equal, 2) : Take(TokenKind.Assign, 1);
            case '!':
                return next == '=' ? Take(TokenKind.NotEqual, 2)
                    : throw Error(start, $"unexpected character after '!': {GoStrings.QuoteRune(text, start + 1)}");
            case '<':
                return next == '=' ? Take(TokenKind.LessOrEqual, 2) : next == '/' ? Take(TokenKind.TrimUpper, 2) : Take(TokenKind.Less, 1);
            case '>':
                return next == '=' ? Take(TokenKind.GreaterOrEqual, 2) : next == '/' ? Take(TokenKind.TrimLower, 2) : Take(TokenKind.Greater, 1);
            case '"' or '\'' or '`':
                return TakeString(c);
            case '(':
                _parentheses++;
                return Take(TokenKind.LeftParenthesis, 1);
            case ')':
                return TakeRightParenthesis();
            case '{':
                _inBraces = true;
                return Take(TokenKind.LeftBrace, 1);
            case '[':
                if (_inBrackets)
                    throw Error(start, "unexpected left bracket '['");
                _inBrackets = _expectsDuration = true;
                _hasColon = _hasDuration = false;
                return Take(TokenKind.LeftBracket, 1);
            case ']':
                if (!_inBrackets)
                    throw Error(start, "unexpected right bracket ']'");
                _inBrackets = false;
                return Take(TokenKind.RightBracket, 1);
        }
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(next)))
            return TakeNumberOrDuration();
        if (!IsAlpha(c) && c != ':')
            throw Error(start, $"unexpected character: {GoStrings.QuoteRune(text, start)}");
        if (!_inBrackets)
            return TakeWord();
        if (c == ':')
        {
            if (_hasColon)
                throw Error(start, "unexpected colon ':'");
            _hasColon = true;
            return Take(TokenKind.Colon, 1);
        }
        return TryTakeDurationWord(out Token word) ? word
            : throw Error(start, $"unexpected character: {GoStrings.QuoteRune(text, start)}, expected ':'");
    }

    private Token NextInBraces()
    {
        int start = _at;
        if (start >= text.Length)
            throw Error(start, "unexpected end of input inside braces");
        char c = text[start];
        char next = Peek(start + 1);
        switch (c)
        {
            case ',':
                return Take(TokenKind.Comma, 1);
            case '"' or '\'' or '`':
                return TakeString(c);
            case '=':
                return next == '~' ? Take(TokenKind.EqualRegex, 2) : Take(TokenKind.Assign, 1);
            case '!':
                return next == '~' ? Take(TokenKind.NotEqualRegex, 2) : next == '=' ? Take(TokenKind.NotEqual, 2)
                    : throw Error(start, $"unexpected character after '!' inside braces: {GoStrings.QuoteRune(text, start + 1)}");
            case '{':
                throw Error(start, "unexpected left brace '{'");
            case '}':
                _inBraces = false;
                return Take(TokenKind.RightBrace, 1);
        }
        if (!IsAlpha(c))
            throw Error(start, $"unexpected character inside braces: {GoStrings.QuoteRune(text, start)}");
        int end = start + 1;
        while (IsAlphaNumeric(Peek(end)))
            end++;
        return Take(TokenKind.Identifier, end - start);
    }

    private Token NextInDuration()
    {
        int start = _at;
        if (start >= text.Length)
            throw Error(start, "unexpected end of input in duration expression");
        char c = text[start];
        switch (c)
        {
            case ']':
                _inBrackets = _expectsDuration = _hasColon = false;
                return Take(TokenKind.RightBracket, 1);
            case ':':
                if (!_hasDuration)
                    throw Error(start + 1, "unexpected colon before duration in duration expression");
                if (_hasColon)
                    throw Error(start + 1, "unexpected repeated colon in duration expression");
                _hasColon = true;
                return Take(TokenKind.Colon, 1);
            case '(':
                _parentheses++;
                return Take(TokenKind.LeftParenthesis, 1);
            case ')':
                return TakeRightParenthesis();
            case '+':
                return Take(TokenKind.Add, 1);
            case '-':
                return Take(TokenKind.Subtract, 1);
            case '*':
                return Take(TokenKind.Multiply, 1);
            case '/':
                return Take(TokenKind.Divide, 1);
            case '%':
                return Take(TokenKind.Modulo, 1);
            case '^':
                return Take(TokenKind.Power, 1);
            case ',':
                return Take(TokenKind.Comma, 1);
        }
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(start + 1))))
        {
            // From the first number on the rules of statements hold again, with a few words less.
            _expectsDuration = false;
            _hasDuration = true;
            return TakeNumberOrDuration();
        }
        return TryTakeDurationWord(out Token word) ? word
            : throw Error(start, $"unexpected character in duration expression: {GoStrings.QuoteRune(text, start)}");
    }

    private Token TakeRightParenthesis()
    {
        if (--_parentheses < 0)
            throw Error(_at + 1, "unexpected right parenthesis ')'");
        return Take(TokenKind.RightParenthesis, 1);
    }

    private Token TakeWord()
    {
        int start = _at, end = start;
        bool hasColon = false;
        while (Peek(end) is var c && (IsAlphaNumeric(c) || c == ':'))
        {
            hasColon |= c == ':';
            end++;
        }
        ReadOnlySpan<char> word = text.AsSpan(start, end - start);
        if (!Keywords.TryGet(word, out TokenKind kind))
            kind = hasColon ? TokenKind.MetricIdentifier : TokenKind.Identifier;
        else if (kind is TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight && !IsFollowedByParenthesis(end))
            kind = TokenKind.Identifier;
        return Take(kind, end - start);
    }

    private bool IsFollowedByParenthesis(int at)
    {
        while (IsSpace(Peek(at)))
            at++;
        return Peek(at) == '(';
    }

    private bool TryTakeDurationWord([NotNullWhen(true)] out Token token)
    {
        int end = _at;
        while (IsAlpha(Peek(end)))
            end++;
        bool found = Keywords.TryGetInDuration(text.AsSpan(_at, end - _at), out TokenKind kind);
        _hasDuration |= found;
        token = found ? Take(kind, end - _at) : default;
        return found;
    }

    private Token TakeString(char quote)
    {
        int start = _at, i = start + 1;
        for (; ; i++)
        {
            if (i >= text.Length || (text[i] == '\n' && quote != '`'))
                throw Error(start, quote == '`' ? "unterminated raw string" : "unterminated quoted string");
            char c = text[i];
            if (c == quote)
                return Take(TokenKind.String, i + 1 - start);
            if (c == '\\' && quote != '`')
                i = SkipEscape(start, i + 1, quote);
            else if (c == '\uFFFD' || (char.IsSurrogate(c) && !IsPairedAt(i)))
                throw Error(start, "invalid UTF-8 rune");
        }
    }

    /// <returns>The last unit of the escape.</returns>
    private int SkipEscape(int start, int at, char quote)
    {
        char c = at < text.Length ? text[at] : throw Error(start, "escape sequence not terminated");
        if (c is 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '\\' || c == quote)
            return at;
        (int digits, int radix, uint max) = c switch
        {
            >= '0' and <= '7' => (3, 8, 255u),
            'x' => (2, 16, 255u),
            'u' => (4, 16, 0x10FFFFu),
            'U' => (8, 16, 0x10FFFFu),
            _ => throw Error(start, $"unknown escape sequence {GoStrings.DescribeRune(text, at)}"),
        };
        if (radix == 16)
            at++;
        ulong value = 0;
        for (int i = 0; i < digits; i++)
        {
            if (at + i >= text.Length)
                throw Error(start, "escape sequence not terminated");
            char digit = text[at + i];
            int n = char.IsAsciiHexDigit(digit) ? char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10 : 16;
            if (n >= radix)
                throw Error(start, $"illegal character {GoStrings.DescribeRune(text, at + i)} in escape sequence");
            value = value * (ulong)radix + (ulong)n;
        }
        if (value > max || value is >= 0xD800 and < 0xE000)
            throw Error(start, "escape sequence is an invalid Unicode code point");
        return at + digits - 1;
    }

    private bool IsPairedAt(int i) =>
        char.IsSurrogatePair(text[i], Peek(i + 1)) || (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]));

    private Token TakeNumberOrDuration()
    {
        int start = _at, end = start;
        if (NumberScanner.TryNumber(text, ref end))
            return Take(TokenKind.Number, end - start);
        if (NumberScanner.TryRestOfDuration(text, ref end))
            return Take(TokenKind.Duration, end - start);
        throw Error(start, $"bad number or duration syntax: {GoStrings.Quote(text[start..Math.Min(end, text.Length)])}");
    }

    private void SkipSpaces()
    {
        while (_at < text.Length && IsSpace(text[_at]))
            _at++;
    }

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, _at, _at + length);
        _at += length;
        return token;
    }

    private char Peek(int at) => at < text.Length ? text[at] : '\0';

    private PromQlException Error(int start, string message) => ParseErrors.Create(text, new PositionRange(start, text.Length), message);

    public static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r';

    private static bool IsAlpha(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool IsAlphaNumeric(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
