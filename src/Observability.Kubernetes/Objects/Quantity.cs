using System.Globalization;
using System.Numerics;

namespace Observability.Kubernetes.Objects;

/// <summary>
/// A Kubernetes resource quantity (<c>100m</c>, <c>1.5</c>, <c>128Mi</c>, <c>1e3</c>, <c>1G</c>), kept exactly. As in
/// <c>k8s.io/apimachinery/pkg/api/resource</c>: the smallest unit is 1n, smaller fractions round away from zero, and so do
/// <see cref="Millis"/> and <see cref="Units"/>; what does not fit a long is held at its limits.
/// </summary>
internal readonly record struct Quantity
{
    /// <summary>Longest text read; the API server writes canonical forms of at most some 25 characters.</summary>
    private const int MaxLength = 64;
    private const int MaxExponent = 64;
    private static readonly BigInteger NanosPerUnit = BigInteger.Pow(10, 9);

    private readonly BigInteger _nanos;

    private Quantity(BigInteger nanos) => _nanos = nanos;

    /// <summary>In thousandths of the unit: millicores for CPU.</summary>
    public long Millis => Rounded(_nanos, BigInteger.Pow(10, 6));

    /// <summary>In whole units: bytes, or pods.</summary>
    public long Units => Rounded(_nanos, NanosPerUnit);

    /// <returns>False where the text is no quantity; then <paramref name="quantity"/> is zero.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Quantity quantity)
    {
        quantity = default;
        if (text.IsEmpty || text.Length > MaxLength)
            return false;

        bool negative = text[0] == '-';
        ReadOnlySpan<char> rest = text[0] is '-' or '+' ? text[1..] : text;
        int integerDigits = CountDigits(rest);
        ReadOnlySpan<char> integer = rest[..integerDigits];
        rest = rest[integerDigits..];
        ReadOnlySpan<char> fraction = [];
        if (!rest.IsEmpty && rest[0] == '.')
        {
            int fractionDigits = CountDigits(rest[1..]);
            fraction = rest.Slice(1, fractionDigits);
            rest = rest[(1 + fractionDigits)..];
        }
        if (integer.IsEmpty && fraction.IsEmpty)
            return false;
        if (!TryReadSuffix(rest, out int power2, out int power10))
            return false;

        BigInteger digits = BigInteger.Parse(string.Concat(integer, fraction), NumberStyles.None, CultureInfo.InvariantCulture);
        BigInteger numerator = digits * BigInteger.Pow(2, power2) * NanosPerUnit;
        int shift = power10 - fraction.Length;
        BigInteger nanos = shift >= 0
            ? numerator * BigInteger.Pow(10, shift)
            : DivideAwayFromZero(numerator, BigInteger.Pow(10, -shift));
        quantity = new Quantity(negative ? -nanos : nanos);
        return true;
    }

    private static bool TryReadSuffix(ReadOnlySpan<char> suffix, out int power2, out int power10)
    {
        (power2, power10) = (0, 0);
        switch (suffix)
        {
            case "": return true;
            case "n": power10 = -9; return true;
            case "u": power10 = -6; return true;
            case "m": power10 = -3; return true;
            case "k": power10 = 3; return true;
            case "M": power10 = 6; return true;
            case "G": power10 = 9; return true;
            case "T": power10 = 12; return true;
            case "P": power10 = 15; return true;
            case "E": power10 = 18; return true;
            case "Ki": power2 = 10; return true;
            case "Mi": power2 = 20; return true;
            case "Gi": power2 = 30; return true;
            case "Ti": power2 = 40; return true;
            case "Pi": power2 = 50; return true;
            case "Ei": power2 = 60; return true;
        }
        // "E" alone is exa; followed by a number it is an exponent, as "e" always is.
        return suffix[0] is 'e' or 'E' &&
            int.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power10) &&
            power10 is >= -MaxExponent and <= MaxExponent;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private static long Rounded(BigInteger nanos, BigInteger unit)
    {
        BigInteger rounded = DivideAwayFromZero(nanos, unit);
        return rounded >= long.MaxValue ? long.MaxValue : rounded <= long.MinValue ? long.MinValue : (long)rounded;
    }

    private static BigInteger DivideAwayFromZero(BigInteger value, BigInteger divisor)
    {
        BigInteger quotient = BigInteger.DivRem(value, divisor, out BigInteger remainder);
        return remainder.IsZero ? quotient : quotient + value.Sign;
    }
}
