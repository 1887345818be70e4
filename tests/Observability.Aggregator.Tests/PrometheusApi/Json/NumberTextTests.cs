using System.Globalization;
using System.Text;
using CsCheck;
using Observability.Aggregator.PrometheusApi.Json;

namespace Observability.Aggregator.Tests.PrometheusApi.Json;

/// <summary>Numbers as Go's library writes them.</summary>
public class NumberTextTests
{
    [TestCase(0d, "0")]
    [TestCase(-0d, "-0")]
    [TestCase(1d, "1")]
    [TestCase(-42d, "-42")]
    [TestCase(0.1, "0.1")]
    [TestCase(1.5, "1.5")]
    [TestCase(0.00001234, "0.00001234")]
    [TestCase(0.000001, "0.000001")]
    [TestCase(0.0000001, "1e-07")]
    [TestCase(-1.25e-9, "-1.25e-09")]
    [TestCase(1e15, "1000000000000000")]
    [TestCase(123456789012345680d, "123456789012345680")]
    [TestCase(1e20, "100000000000000000000")]
    [TestCase(1e21, "1e+21")]
    [TestCase(1.7976931348623157e308, "1.7976931348623157e+308")]
    [TestCase(5e-324, "5e-324")]
    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "+Inf")]
    [TestCase(double.NegativeInfinity, "-Inf")]
    public void A_value_has_the_shortest_digits_and_an_exponent_only_where_Go_has_one(double value, string expected) =>
        Assert.That(Text(value), Is.EqualTo(expected));

    [TestCase(1000000d, "1e+06")]
    [TestCase(123456d, "123456")]
    [TestCase(1234567d, "1.234567e+06")]
    [TestCase(0.0001, "0.0001")]
    [TestCase(0.00001, "1e-05")]
    [TestCase(0.5, "0.5")]
    [TestCase(double.NegativeInfinity, "-Inf")]
    public void Exposition_text_turns_to_exponents_earlier(double value, string expected)
    {
        Span<byte> bytes = stackalloc byte[NumberText.MaxBytes];
        Assert.That(Encoding.ASCII.GetString(bytes[..NumberText.WriteExposition(value, bytes)]), Is.EqualTo(expected));
    }

    [TestCase(0L, "0")]
    [TestCase(1000L, "1")]
    [TestCase(1435781430781L, "1435781430.781")]
    [TestCase(500L, "0.500")]
    [TestCase(7L, "0.007")]
    [TestCase(-1L, "-0.001")]
    [TestCase(-1500L, "-1.500")]
    [TestCase(long.MaxValue, "9223372036854775.807")]
    [TestCase(long.MinValue, "-9223372036854775.808")]
    public void A_time_is_whole_seconds_or_has_three_decimals(long milliseconds, string expected)
    {
        Span<byte> bytes = stackalloc byte[NumberText.MaxBytes];
        Assert.That(Encoding.ASCII.GetString(bytes[..NumberText.WriteSeconds(milliseconds, bytes)]), Is.EqualTo(expected));
    }

    [Test]
    public void What_is_written_reads_back_as_the_same_double() => Gen.Double.Where(double.IsFinite).Sample(value =>
    {
        Span<byte> exposition = stackalloc byte[NumberText.MaxBytes];
        string text = Encoding.ASCII.GetString(exposition[..NumberText.WriteExposition(value, exposition)]);
        return Same(Text(value), value) && Same(text, value);
    });

    private static bool Same(string text, double value) =>
        BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(value);

    private static string Text(double value)
    {
        Span<byte> bytes = stackalloc byte[NumberText.MaxBytes];
        return Encoding.ASCII.GetString(bytes[..NumberText.Write(value, bytes)]);
    }
}
