namespace Observability.PromQL.Lexing;

/// <summary>Finds where a number or duration ends, with the faults that Prometheus finds.</summary>
internal static class NumberScanner
{
    /// <summary>Digits with at most one point and one exponent. What it takes need not be a number yet: the parser will tell.</summary>
    /// <param name="text">The query.</param>
    /// <param name="at">Moves on even where the answer is no, since a duration begins as a number does.</param>
    public static bool TryNumber(string text, ref int at)
    {
        bool hex = false, hasPoint = false, hasExponent = false;
        if (Peek(text, at) == '0')
        {
            at++;
            if (Peek(text, at) is 'x' or 'X')
            {
                hex = true;
                at++;
                if (Peek(text, at) == '_')
                    at++;
            }
        }
        if (Peek(text, at) == '.')
            at++;
        if (IsDigit(Peek(text, at), hex))
            at++;
        while (true)
        {
            char c = Peek(text, at);
            if (c == '.')
            {
                at++;
                if (hasPoint)
                    return false;
                hasPoint = true;
                if (Peek(text, at) is '_' or '.')
                {
                    at++;
                    return false;
                }
                if (hex)
                    return false;
            }
            else if (!hex && c is 'e' or 'E')
            {
                at++;
                if (hasExponent)
                    return false;
                hasExponent = true;
                if (Peek(text, at) is '+' or '-')
                    at++;
                if (Peek(text, at) is '.' or '_' or 'e' or 'E')
                {
                    at++;
                    return false;
                }
                if (at >= text.Length)
                    return false;
            }
            else if (c == '_')
            {
                at++;
                if (Peek(text, at) is '.' or '_' or 'e' or 'E')
                {
                    at++;
                    return false;
                }
                if (at >= text.Length)
                    return false;
            }
            else if (IsDigit(c, hex))
                at++;
            else
                return !Lexer.IsAlphaNumeric(c);
        }
    }

    /// <summary>The units and numbers behind the first number of a duration.</summary>
    /// <inheritdoc cref="TryNumber"/>
    public static bool TryRestOfDuration(string text, ref int at)
    {
        if (Peek(text, at) is not ('s' or 'm' or 'h' or 'd' or 'w' or 'y'))
            return false;
        at++;
        while (true)
        {
            if (Peek(text, at) == 's')
                at++;
            if (!char.IsAsciiDigit(Peek(text, at)))
                break;
            while (char.IsAsciiDigit(Peek(text, at)))
                at++;
            if (Peek(text, at) is not ('s' or 'm' or 'h' or 'd' or 'w'))
                return false;
            at++;
        }
        if (!Lexer.IsAlphaNumeric(Peek(text, at)))
            return true;
        at++;
        return false;
    }

    private static char Peek(string text, int at) => at < text.Length ? text[at] : '\0';

    private static bool IsDigit(char c, bool hex) => hex ? char.IsAsciiHexDigit(c) : char.IsAsciiDigit(c);
}
