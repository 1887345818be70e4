using System.Buffers.Text;
using System.Globalization;

namespace Observability.Aggregator.PrometheusApi.Json;

/// <summary>
/// Numbers as Go writes them: the shortest digits that give the same double, with an exponent where Go has one. Times are divided as integers,
/// since a double of seconds would not give the milliseconds back.
/// </summary>
internal static class NumberText
{
    /// <summary>Bytes that any number here fits in.</summary>
    public const int MaxBytes = 48;

    private const int MaxDigits = 17;
    private const double ExactIntegers = 1e15; // below, a whole double has these very digits, and few of them

    /// <summary>As the API does: without an exponent from 1e-6 up to 1e21.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(double value, Span<byte> destination)
    {
        if (TryWriteSimple(value, destination, out int written))
            return written;
        Span<byte> digits = stackalloc byte[MaxDigits];
        int count = Digits(Math.Abs(value), digits, out int point);
        return Math.Abs(value) is < 1e-6 or >= 1e21
            ? WriteExponent(value < 0, digits[..count], point, destination)
            : WritePlain(value < 0, digits[..count], point, destination);
    }

    /// <summary>As exposition formats do: with an exponent below 1e-4 and from 1e6.</summary>
    /// <inheritdoc cref="Write"/>
    public static int WriteExposition(double value, Span<byte> destination)
    {
        if (double.IsFinite(value) && value != 0)
        {
            Span<byte> digits = stackalloc byte[MaxDigits];
            int count = Digits(Math.Abs(value), digits, out int point);
            int exponent = point - 1;
            return exponent is < -4 or >= 6
                ? WriteExponent(value < 0, digits[..count], point, destination)
                : WritePlain(value < 0, digits[..count], point, destination);
        }
        TryWriteSimple(value, destination, out int written);
        return written;
    }

    /// <summary>Milliseconds as seconds: whole, or with three decimals.</summary>
    /// <inheritdoc cref="Write"/>
    public static int WriteSeconds(long milliseconds, Span<byte> destination)
    {
        int at = 0;
        ulong size = (ulong)milliseconds;
        if (milliseconds < 0)
        {
            destination[at++] = (byte)'-';
            size = 0 - size;
        }
        Utf8Formatter.TryFormat(size / 1000, destination[at..], out int written);
        at += written;
        int rest = (int)(size % 1000);
        if (rest == 0)
            return at;
        destination[at++] = (byte)'.';
        destination[at++] = (byte)('0' + rest / 100);
        destination[at++] = (byte)('0' + rest / 10 % 10);
        destination[at++] = (byte)('0' + rest % 10);
        return at;
    }

    private static bool TryWriteSimple(double value, Span<byte> destination, out int written)
    {
        if (!double.IsFinite(value))
        {
            ReadOnlySpan<byte> word = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
            word.CopyTo(destination);
            written = word.Length;
            return true;
        }
        if (value == 0)
        {
            ReadOnlySpan<byte> zero = double.IsNegative(value) ? "-0"u8 : "0"u8;
            zero.CopyTo(destination);
            written = zero.Length;
            return true;
        }
        if (Math.Abs(value) < ExactIntegers && Math.Floor(value) == value)
            return Utf8Formatter.TryFormat((long)value, destination, out written);
        written = 0;
        return false;
    }

    /// <summary>Shortest digits of a positive double, which is 0.d₁d₂… · 10^point.</summary>
    private static int Digits(double value, Span<byte> digits, out int point)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        int count = 0, exponent = 0, before = -1;
        for (int i = 0; i < length; i++)
        {
            byte c = text[i];
            if (c == '.')
                before = count;
            else if (c == 'E')
            {
                exponent = int.Parse(text[(i + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }
            else if (count > 0 || c != '0')
                digits[count++] = c;
            else if (before >= 0)
                exponent--; // a zero between the point and the first digit
        }
        point = (before < 0 ? count : before) + exponent;
        while (count > 1 && digits[count - 1] == '0')
            count--;
        return count;
    }

    private static int WritePlain(bool negative, ReadOnlySpan<byte> digits, int point, Span<byte> destination)
    {
        int at = 0;
        if (negative)
            destination[at++] = (byte)'-';
        if (point <= 0)
        {
            destination[at++] = (byte)'0';
            destination[at++] = (byte)'.';
            destination.Slice(at, -point).Fill((byte)'0');
            at -= point;
            digits.CopyTo(destination[at..]);
            return at + digits.Length;
        }
        int whole = Math.Min(point, digits.Length);
        digits[..whole].CopyTo(destination[at..]);
        at += whole;
        if (point > digits.Length)
        {
            destination.Slice(at, point - digits.Length).Fill((byte)'0');
            return at + point - digits.Length;
        }
        if (point == digits.Length)
            return at;
        destination[at++] = (byte)'.';
        digits[point..].CopyTo(destination[at..]);
        return at + digits.Length - point;
    }

    private static int WriteExponent(bool negative, ReadOnlySpan<byte> digits, int point, Span<byte> destination)
    {
        int at = 0;
        if (negative)
            destination[at++] = (byte)'-';
        destination[at++] = digits[0];
        if (digits.Length > 1)
        {
            destination[at++] = (byte)'.';
            digits[1..].CopyTo(destination[at..]);
            at += digits.Length - 1;
        }
        int exponent = point - 1;
        destination[at++] = (byte)'e';
        destination[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        if (Math.Abs(exponent) < 10)
            destination[at++] = (byte)'0'; // Go writes two digits at least
        Utf8Formatter.TryFormat(Math.Abs(exponent), destination[at..], out int written);
        return at + written;
    }
}
