using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Observability.Exposition;

/// <summary>Numbers as Go's strconv reads them, without hexadecimal floats and digit separators (as Prometheus does).</summary>
internal static class Numbers
{
    /// <summary>What every NaN on a page becomes, so that none can pose as a stale marker.</summary>
    internal static readonly double CanonicalNaN = BitConverter.UInt64BitsToDouble(0x7FF8000000000001);

    private const ulong LargestExactMantissa = 1UL << 53;

    private static readonly SearchValues<byte> DecimalBytes = SearchValues.Create("0123456789+-.eE"u8);

    // 10^22 is the largest power of ten that a double holds exactly.
    private static readonly double[] ExactPowers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Reads a whole token.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> token, out double value)
    {
        int length = ReadShort(token, out value);
        if (length == token.Length && length > 0) return true;
        return TryParseLong(token, out value);
    }

    /// <summary>
    /// Reads the decimal that the text starts with, where exact arithmetic gives the correctly rounded result at once (Clinger 1990):
    /// mantissa up to 2^53 and one multiplication or division by an exact power of ten.
    /// </summary>
    /// <returns>Bytes read; 0 where the number is none, or not of this kind.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int ReadShort(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        int at = 0;
        bool negative = false;
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
        {
            negative = text[at] == '-';
            at++;
        }

        ulong mantissa = 0;
        int start = at;
        uint digit;
        while (at < text.Length && (digit = (uint)text[at] - '0') <= 9)
        {
            mantissa = (mantissa * 10) + digit;
            at++;
        }
        int digits = at - start;
        int exponent = 0;
        if (at < text.Length && text[at] == '.')
        {
            start = ++at;
            while (at < text.Length && (digit = (uint)text[at] - '0') <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                at++;
            }
            exponent = start - at;
            digits -= exponent;
        }
        if (digits is 0 or > 18) return 0;    // 18 digits cannot overflow

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            bool negativeExponent = false;
            if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
            {
                negativeExponent = text[at] == '-';
                at++;
            }
            start = at;
            int power = 0;
            while (at < text.Length && at - start < 4 && (digit = (uint)text[at] - '0') <= 9)
            {
                power = (power * 10) + (int)digit;
                at++;
            }
            if (at == start) return 0;
            exponent += negativeExponent ? -power : power;
        }

        double result = mantissa;
        if (exponent != 0)
        {
            if (mantissa > LargestExactMantissa || exponent is < -22 or > 22) return 0;
            result = exponent < 0 ? result / ExactPowers[-exponent] : result * ExactPowers[exponent];
        }
        value = negative ? -result : result;
        return at;
    }

    /// <summary>Reads the digits that the text starts with.</summary>
    /// <returns>Bytes read; 0 where there are none or more than 18.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int ReadShortMilliseconds(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        int at = 0;
        uint digit;
        if (text.Length >= 8 && TryReadEight(text, out uint eight))
        {
            milliseconds = eight;
            at = 8;
        }
        while (at < text.Length && (digit = (uint)text[at] - '0') <= 9)
        {
            milliseconds = (milliseconds * 10) + digit;
            at++;
        }
        return at > 18 ? 0 : at;
    }

    /// <summary>Reads an integer of milliseconds, as strconv.ParseInt does. The smallest one stands for "none" and is refused.</summary>
    internal static bool TryParseMilliseconds(ReadOnlySpan<byte> token, out long milliseconds)
    {
        if (long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out milliseconds)
            && milliseconds != SeriesRow.NoTimestamp) return true;
        milliseconds = SeriesRow.NoTimestamp;
        return false;
    }

    /// <summary>Reads a finite number of seconds, to the nearest millisecond.</summary>
    internal static bool TryParseSeconds(ReadOnlySpan<byte> token, out long milliseconds)
    {
        milliseconds = SeriesRow.NoTimestamp;
        if (!TryParse(token, out double seconds) || !double.IsFinite(seconds)) return false;
        double rounded = Math.Round(seconds * 1000);
        if (rounded is not (> long.MinValue and < long.MaxValue)) return false;
        milliseconds = (long)rounded;
        return true;
    }

    // Eight digits at once: pairs, then fours, then eight are joined by one multiplication each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadEight(ReadOnlySpan<byte> text, out uint value)
    {
        ulong digits = BinaryPrimitives.ReadUInt64LittleEndian(text) ^ 0x3030303030303030;
        value = 0;
        if (((digits | (digits + 0x0606060606060606)) & 0xF0F0F0F0F0F0F0F0) != 0) return false;
        digits = (digits * 10) + (digits >> 8);
        value = (uint)((((digits & 0x000000FF000000FF) * 0x000F424000000064) + (((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32);
        return true;
    }

    private static bool TryParseLong(ReadOnlySpan<byte> token, out double value)
    {
        value = 0;
        if (token.IsEmpty) return false;
        if (token.IndexOfAnyExcept(DecimalBytes) < 0)
            return double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

        Span<byte> lower = stackalloc byte[9];
        if (token.Length > lower.Length) return false;
        for (int i = 0; i < token.Length; i++) lower[i] = (byte)(token[i] | 0x20);
        ReadOnlySpan<byte> word = lower[..token.Length];
        if (token[0] is (byte)'+' or (byte)'-') word = word[1..];
        if (word.SequenceEqual("inf"u8) || word.SequenceEqual("infinity"u8))
        {
            value = token[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        value = CanonicalNaN;
        return token.Length == 3 && word.SequenceEqual("nan"u8);
    }
}
