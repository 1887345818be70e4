using CsCheck;
using Observability.PromQL.Lexing;

namespace Observability.PromQL.Tests.Lexing;

internal sealed class GoNumbersTests
{
    [TestCase(0, ExpectedResult = "0 0")]
    [TestCase(-0.0, ExpectedResult = "-0 -0")]
    [TestCase(0.1, ExpectedResult = "0.1 0.1")]
    [TestCase(100, ExpectedResult = "100 100")]
    [TestCase(-1.5e-7, ExpectedResult = "-0.00000015 -1.5e-07")]
    [TestCase(0.0001, ExpectedResult = "0.0001 0.0001")]
    [TestCase(0.00001, ExpectedResult = "0.00001 1e-05")]
    [TestCase(1e20, ExpectedResult = "100000000000000000000 100000000000000000000")]
    [TestCase(1.25e21, ExpectedResult = "1250000000000000000000 1.25e+21")]
    [TestCase(double.NaN, ExpectedResult = "NaN NaN")]
    [TestCase(double.NegativeInfinity, ExpectedResult = "-Inf -Inf")]
    public string Numbers_are_written_as_Go_writes_them(double value) =>
        $"{GoNumbers.Format(value)} {GoNumbers.FormatShort(value)}";

    [Test]
    public void What_is_written_reads_back() =>
        Gen.Double.Where(value => double.IsFinite(value) && !double.IsNegative(value)).Sample(value =>
            GoNumbers.TryParse(GoNumbers.Format(value), out double read, out _) && read.Equals(value)
            && GoNumbers.TryParse(GoNumbers.FormatShort(value), out double again, out _) && again.Equals(value));
}
