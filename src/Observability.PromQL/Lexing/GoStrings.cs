using System.Globalization;
using System.Text;

namespace Observability.PromQL.Lexing;

/// <summary>String literals and quoted error texts by the rules of Go, whose literals PromQL has.</summary>
/// <remarks>
/// A Go string holds any bytes, a .NET string UTF-16. A byte that belongs to no UTF-8 sequence stands here as the lone surrogate
/// U+DC00 + byte; a real text cannot hold one, so nothing else is written that way.
/// </remarks>
internal static class GoStrings
{
    private const int ByteMark = 0xDC00;

    /// <summary>As <c>strconv.Quote</c>.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2);
        AppendQuoted(text, value);
        return text.ToString();
    }

    public static void AppendQuoted(StringBuilder text, string value)
    {
        text.Append('"');
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] is >= ' ' and < '\x7F' and not '"' and not '\\')
                text.Append(value[i]);
            else
                i += AppendEscaped(text, value, i, '"') - 1;
        }
        text.Append('"');
    }

    /// <summary>As <c>%q</c> of a rune: <c>'x'</c>. A missing rune (the end of the text) is written as Go writes -1.</summary>
    public static string QuoteRune(string text, int index)
    {
        var quoted = new StringBuilder("'");
        if (index >= text.Length)
            quoted.Append('\uFFFD');
        else
            AppendEscaped(quoted, text, index, '\'');
        return quoted.Append('\'').ToString();
    }

    /// <summary>As <c>%#U</c> of a rune: <c>U+0078 'x'</c>.</summary>
    public static string DescribeRune(string text, int index)
    {
        int value = char.IsSurrogatePair(text, index) ? char.ConvertToUtf32(text, index) : text[index];
        string code = "U+" + value.ToString("X4", CultureInfo.InvariantCulture);
        return IsPrintable(value) ? $"{code} '{char.ConvertFromUtf32(value)}'" : code;
    }

    /// <summary>The value of a literal that the lexer has taken, quotes and escapes checked.</summary>
    public static string Unquote(ReadOnlySpan<char> literal)
    {
        ReadOnlySpan<char> body = literal[1..^1];
        int escape = literal[0] == '`' ? -1 : body.IndexOf('\\');
        if (escape < 0)
            return body.ToString();

        // Escapes give bytes, and bytes of several escapes can make one character.
        var bytes = new List<byte>(body.Length);
        Span<byte> encoded = stackalloc byte[4];
        while (escape >= 0)
        {
            AppendUtf8(bytes, body[..escape]);
            body = body[(escape + 1)..];
            char c = body[0];
            int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, >= '0' and <= '7' => 3, _ => 0 };
            if (digits == 3)
            {
                bytes.Add((byte)(((c - '0') << 6) | ((body[1] - '0') << 3) | (body[2] - '0')));
                body = body[3..];
            }
            else if (digits > 0)
            {
                int value = int.Parse(body.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                if (digits == 2)
                    bytes.Add((byte)value);
                else
                    bytes.AddRange(encoded[..new Rune(value).EncodeToUtf8(encoded)]);
                body = body[(digits + 1)..];
            }
            else
            {
                bytes.Add((byte)(c switch { 'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', _ => c }));
                body = body[1..];
            }
            escape = body.IndexOf('\\');
        }
        AppendUtf8(bytes, body);
        return Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    private static void AppendUtf8(List<byte> bytes, ReadOnlySpan<char> text)
    {
        Span<byte> encoded = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
            bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[length..];
            }
            else
            {
                text.Append((char)(ByteMark + bytes[0]));
                bytes = bytes[1..];
            }
        }
        return text.ToString();
    }

    /// <returns>How many units were written.</returns>
    private static int AppendEscaped(StringBuilder text, string value, int index, char quote)
    {
        char c = value[index];
        if (char.IsSurrogatePair(value, index))
        {
            int rune = char.ConvertToUtf32(value, index);
            if (IsPrintable(rune))
                text.Append(value, index, 2);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\U{rune:x8}");
            return 2;
        }
        string? escape = c switch
        {
            '\a' => @"\a",
            '\b' => @"\b",
            '\f' => @"\f",
            '\n' => @"\n",
            '\r' => @"\r",
            '\t' => @"\t",
            '\v' => @"\v",
            '\\' => @"\\",
            _ => null,
        };
        if (escape is not null)
            text.Append(escape);
        else if (c == quote)
            text.Append('\\').Append(c);
        else if (c < ' ' || c == '\x7F')
            text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
        else if (c is >= (char)(ByteMark + 0x80) and <= (char)(ByteMark + 0xFF))
            text.Append(CultureInfo.InvariantCulture, $"\\x{c - ByteMark:x2}");
        else if (IsPrintable(c))
            text.Append(c);
        else
            text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        return 1;
    }

    private static bool IsPrintable(int rune) => rune == ' ' || (rune is not (>= 0xD800 and < 0xE000) &&
        CharUnicodeInfo.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
}
