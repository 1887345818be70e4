using System.Globalization;
using System.Text;
using CsCheck;

namespace Observability.Exposition.Tests.Reading;

public sealed class NumbersTests
{
    [TestCase("0", 0.0)]
    [TestCase("-0", -0.0)]
    [TestCase("1.795492560e+09", 1795492560.0)]
    [TestCase("3.085441e+06", 3085441.0)]
    [TestCase(".5", 0.5)]
    [TestCase("5.", 5.0)]
    [TestCase("+1E5", 1e5)]
    [TestCase("1e23", 1e23)]
    [TestCase("9007199254740993", 9007199254740992.0)]
    [TestCase("0.1e-5", 0.1e-5)]
    [TestCase("4.9e-324", double.Epsilon)]
    [TestCase("1.7976931348623157e308", double.MaxValue)]
    [TestCase("123456789012345678901234567890", 123456789012345678901234567890.0)]
    [TestCase("inf", double.PositiveInfinity)]
    [TestCase("+Inf", double.PositiveInfinity)]
    [TestCase("-INF", double.NegativeInfinity)]
    [TestCase("Infinity", double.PositiveInfinity)]
    public void A_number_is_read_to_the_bit(string token, double expected)
    {
        Assert.That(Numbers.TryParse(Encoding.UTF8.GetBytes(token), out double value), Is.True);
        Assert.That(BitConverter.DoubleToInt64Bits(value), Is.EqualTo(BitConverter.DoubleToInt64Bits(expected)));
    }

    [TestCase("NaN")]
    [TestCase("nan")]
    [TestCase("NAN")]
    public void Every_NaN_is_the_canonical_one(string token)
    {
        Assert.That(Numbers.TryParse(Encoding.UTF8.GetBytes(token), out double value), Is.True);
        Assert.That(BitConverter.DoubleToUInt64Bits(value), Is.EqualTo(0x7FF8000000000001UL));
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("-")]
    [TestCase("e5")]
    [TestCase("1e")]
    [TestCase("1e+")]
    [TestCase("1_000")]
    [TestCase("1,000")]
    [TestCase("0x10")]
    [TestCase("0x1p-2")]
    [TestCase("1e400")]
    [TestCase("-1e400")]
    [TestCase("1.2.3")]
    [TestCase("--1")]
    [TestCase("1d")]
    [TestCase("+NaN")]
    [TestCase("infin")]
    [TestCase("NaN(1)")]
    [TestCase("∞")]
    [TestCase("1\0")]
    [TestCase("(1)")]
    [TestCase(" 1")]
    public void What_is_no_number_in_Prometheus_is_none_here(string token)
    {
        Assert.That(Numbers.TryParse(Encoding.UTF8.GetBytes(token), out _), Is.False);
    }

    [Test]
    public void Any_double_written_in_any_way_is_read_as_double_Parse_reads_it()
    {
        string[] formats = ["R", "E17", "E5", "F3", "G17", "0.###", "e3"];
        Gen.Select(Gen.OneOf(Gen.Double, Gen.Double[-1e6, 1e6], Gen.Long.Select(bits => (double)bits)), Gen.OneOf(formats)).Sample((number, format) =>
        {
            if (!double.IsFinite(number)) return;
            AssertReadAsDoubleParse(number.ToString(format, CultureInfo.InvariantCulture));
        }, iter: 200_000);
    }

    [Test]
    public void Any_decimal_text_is_read_as_double_Parse_reads_it()
    {
        Gen<string> digits = Gen.Char['0', '9'].Array[0, 20].Select(chars => new string(chars));
        Gen.Select(Gen.OneOf("", "-", "+"), digits, Gen.OneOf("", "."), digits, Gen.OneOf(Gen.Const(""), Gen.Int[-330, 310].Select(e => $"e{e}")))
            .Sample((sign, whole, point, fraction, exponent) =>
            {
                if (whole.Length + fraction.Length == 0) return;
                AssertReadAsDoubleParse(sign + whole + point + fraction + exponent);
            }, iter: 200_000);
    }

    [Test]
    public void Digits_of_a_time_are_read_as_long_Parse_reads_them()
    {
        Gen.Select(Gen.Char['0', '9'].Array[0, 22], Gen.OneOf("", "\n", " 1", "/2345678", ":2345678", "-", "\u00e9")).Sample((digits, rest) =>
        {
            int length = Numbers.ReadShortMilliseconds(Encoding.UTF8.GetBytes(new string(digits) + rest), out long value);

            Assert.That(length, Is.EqualTo(digits.Length > 18 ? 0 : digits.Length));
            if (length > 0) Assert.That(value, Is.EqualTo(long.Parse(digits, CultureInfo.InvariantCulture)));
        }, iter: 20_000);
    }

    [TestCase("1520879607.789", 1520879607789)]
    [TestCase("1.001", 1001)]
    [TestCase("-0.5", -500)]
    [TestCase("1e3", 1_000_000)]
    public void Seconds_become_the_nearest_millisecond(string token, long expected)
    {
        Assert.That(Numbers.TryParseSeconds(Encoding.UTF8.GetBytes(token), out long milliseconds), Is.True);
        Assert.That(milliseconds, Is.EqualTo(expected));
    }

    [TestCase("NaN")]
    [TestCase("+Inf")]
    [TestCase("1e16")]
    [TestCase("-1e300")]
    public void A_time_that_64_bits_of_milliseconds_cannot_hold_is_refused(string token)
    {
        Assert.That(Numbers.TryParseSeconds(Encoding.UTF8.GetBytes(token), out _), Is.False);
    }

    private static void AssertReadAsDoubleParse(string text)
    {
        double expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        bool read = Numbers.TryParse(Encoding.UTF8.GetBytes(text), out double value);
        if (read != double.IsFinite(expected) || (read && BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(expected)))
            Assert.Fail($"{text}: read {read}, {value:R}, expected {expected:R}");
    }
}
