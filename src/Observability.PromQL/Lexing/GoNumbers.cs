using System.Globalization;

namespace Observability.PromQL.Lexing;

/// <summary>Numbers as Go reads and writes them, which differs from .NET in octal, underscores, infinities and exponents.</summary>
internal static class GoNumbers
{
    /// <summary>Reads an integer with Go's prefixes and underscores, else a decimal float.</summary>
    /// <param name="text">As the lexer took it, without sign.</param>
    /// <param name="value">Any double.</param>
    /// <param name="error">In Go's words.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out double value, out string error)
    {
        error = "";
        if (TryParseInteger(text, out long integer))
        {
            value = integer;
            return true;
        }
        if (text.Equals("inf", StringComparison.OrdinalIgnoreCase))
        {
            value = double.PositiveInfinity;
            return true;
        }
        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value))
            error = $"strconv.ParseFloat: parsing {GoStrings.Quote(text.ToString())}: invalid syntax";
        else if (double.IsInfinity(value))
            error = $"strconv.ParseFloat: parsing {GoStrings.Quote(text.ToString())}: value out of range";
        return error.Length == 0;
    }

    /// <summary>As <c>strconv.FormatFloat(value, 'f', -1, 64)</c>: shortest digits, never an exponent.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0)
            return text;

        string sign = text[0] == '-' ? "-" : "";
        string digits = text[sign.Length..e].Replace(".", "", StringComparison.Ordinal);
        int point = 1 + int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (point <= 0)
            return sign + "0." + new string('0', -point) + digits;
        return point >= digits.Length ? sign + digits.PadRight(point, '0') : sign + digits[..point] + "." + digits[point..];
    }

    /// <summary>As <c>%v</c> of a float: as <see cref="Format"/>, but with an exponent below 1e-4 and from 1e21.</summary>
    public static string FormatShort(double value)
    {
        double size = Math.Abs(value);
        if (!double.IsFinite(value) || size == 0 || size is >= 1e-4 and < 1e21)
            return Format(value);
        string text = value.ToString("E16", CultureInfo.InvariantCulture);
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int e = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = e >= 0 ? shortest[..e] : Mantissa(Format(value));
        int exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static string Mantissa(string positional)
    {
        string sign = positional[0] == '-' ? "-" : "";
        string digits = positional[sign.Length..].Replace(".", "", StringComparison.Ordinal).Trim('0');
        return sign + (digits.Length == 1 ? digits : digits[..1] + "." + digits[1..]);
    }

    private static bool TryParseInteger(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        int radix = 10, i = 0;
        if (text.Length > 1 && text[0] == '0')
        {
            radix = (text[1] | 0x20) switch { 'x' => 16, 'b' => 2, 'o' => 8, _ => 8 };
            i = (text[1] | 0x20) is 'x' or 'b' or 'o' ? 2 : 1;
        }
        bool mayUnderscore = i > 0, any = i == 1;
        for (; i < text.Length; i++)
        {
            if (text[i] == '_')
            {
                if (!mayUnderscore || i + 1 == text.Length)
                    return false;
                mayUnderscore = false;
                continue;
            }
            int digit = char.IsAsciiHexDigit(text[i]) ? Convert.ToInt32(text[i].ToString(), 16) : radix;
            if (digit >= radix || value > (long.MaxValue - digit) / radix)
                return false;
            value = value * radix + digit;
            mayUnderscore = any = true;
        }
        return any;
    }
}
