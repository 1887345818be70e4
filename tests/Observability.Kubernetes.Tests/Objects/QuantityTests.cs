using System.Globalization;
using System.Numerics;
using CsCheck;
using Observability.Kubernetes.Objects;

namespace Observability.Kubernetes.Tests.Objects;

public class QuantityTests
{
    private static readonly (string Suffix, int Power2, int Power10)[] Suffixes =
    [
        ("n", 0, -9), ("u", 0, -6), ("m", 0, -3), ("", 0, 0), ("k", 0, 3), ("M", 0, 6), ("G", 0, 9), ("T", 0, 12), ("P", 0, 15), ("E", 0, 18),
        ("Ki", 10, 0), ("Mi", 20, 0), ("Gi", 30, 0), ("Ti", 40, 0), ("Pi", 50, 0), ("Ei", 60, 0), ("e3", 0, 3), ("E-2", 0, -2), ("e+1", 0, 1),
    ];

    [TestCase("0", 0, 0)]
    [TestCase("2", 2_000, 2)]
    [TestCase("100m", 100, 1)]
    [TestCase("1800m", 1_800, 2)]
    [TestCase("1.5", 1_500, 2)]
    [TestCase("0.25", 250, 1)]
    [TestCase(".5", 500, 1)]
    [TestCase("5.", 5_000, 5)]
    [TestCase("+3", 3_000, 3)]
    [TestCase("-1.5", -1_500, -2)]
    [TestCase("128Mi", 134_217_728_000, 134_217_728)]
    [TestCase("1.5Gi", 1_610_612_736_000, 1_610_612_736)]
    [TestCase("264212084Ki", 270_553_174_016_000, 270_553_174_016)]
    [TestCase("1e3", 1_000_000, 1_000)]
    [TestCase("1E3", 1_000_000, 1_000)]
    [TestCase("12e-1", 1_200, 2)]
    [TestCase("1G", 1_000_000_000_000, 1_000_000_000)]
    [TestCase("1E", long.MaxValue, 1_000_000_000_000_000_000)]
    [TestCase("1n", 1, 1)]
    [TestCase("1001u", 2, 1)]
    [TestCase("0.0000000001", 1, 1)]
    [TestCase("100Ei", long.MaxValue, long.MaxValue)]
    [TestCase("-100Ei", long.MinValue, long.MinValue)]
    public void A_quantity_is_read_exactly_and_rounds_away_from_zero(string text, long millis, long units)
    {
        bool read = Quantity.TryParse(text, out Quantity quantity);

        Assert.Multiple(() =>
        {
            Assert.That(read, Is.True);
            Assert.That(quantity.Millis, Is.EqualTo(millis));
            Assert.That(quantity.Units, Is.EqualTo(units));
        });
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("m")]
    [TestCase(".")]
    [TestCase("-")]
    [TestCase("1 Gi")]
    [TestCase("1gi")]
    [TestCase("1KI")]
    [TestCase("1K")]
    [TestCase("1ki")]
    [TestCase("1mi")]
    [TestCase("1.2.3")]
    [TestCase("1e")]
    [TestCase("1e3m")]
    [TestCase("1e 3")]
    [TestCase("1e65")]
    [TestCase("0x10")]
    [TestCase("1,5")]
    [TestCase("--1")]
    [TestCase("١")]
    [TestCase("NaN")]
    [TestCase("00000000000000000000000000000000000000000000000000000000000000001")]
    public void What_is_no_quantity_is_refused(string text) =>
        Assert.That(Quantity.TryParse(text, out _), Is.False);

    [Test]
    public void Any_number_with_any_suffix_equals_the_exact_fraction()
    {
        Gen.Select(Gen.Long[0, 999_999_999_999], Gen.Int[0, 9], Gen.Int[0, Suffixes.Length - 1], Gen.Bool).Sample((digits, decimals, at, negative) =>
        {
            (string suffix, int power2, int power10) = Suffixes[at];
            string number = digits.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
            string text = (negative ? "-" : "") + number[..^decimals] + (decimals > 0 ? "." + number[^decimals..] : "") + suffix;

            Assert.That(Quantity.TryParse(text, out Quantity quantity), Is.True, text);

            // digits × 2^p × 10^q, with q split into a numerator and a denominator of one fraction.
            int exponent = power10 - decimals;
            BigInteger numerator = digits * BigInteger.Pow(2, power2) * BigInteger.Pow(10, Math.Max(exponent, 0));
            BigInteger denominator = BigInteger.Pow(10, Math.Max(-exponent, 0));
            Assert.That(quantity.Units, Is.EqualTo(Expected(numerator, denominator, negative)), text);
            Assert.That(quantity.Millis, Is.EqualTo(Expected(numerator * 1_000, denominator, negative)), text);
        });
    }

    [Test]
    public void Any_text_at_all_is_read_or_refused_without_an_exception() =>
        Gen.String[Gen.Char["0123456789+-.eEimnukKMGTP "], 0, 80].Sample(text => Quantity.TryParse(text, out Quantity quantity) || quantity.Units == 0);

    private static long Expected(BigInteger numerator, BigInteger denominator, bool negative)
    {
        BigInteger up = (numerator + denominator - 1) / denominator;
        BigInteger signed = negative ? -up : up;
        return (long)BigInteger.Clamp(signed, long.MinValue, long.MaxValue);
    }
}
