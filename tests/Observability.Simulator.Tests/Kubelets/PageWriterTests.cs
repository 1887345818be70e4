using System.Globalization;
using System.Text;
using CsCheck;
using Observability.Simulator.Kubelets;

namespace Observability.Simulator.Tests.Kubelets;

public sealed class PageWriterTests
{
    [TestCase(0, ExpectedResult = "0")]
    [TestCase(-1, ExpectedResult = "-1")]
    [TestCase(100_000, ExpectedResult = "100000")]
    [TestCase(999_999, ExpectedResult = "999999")]
    [TestCase(1_000_000, ExpectedResult = "1e+06")]
    [TestCase(1_104_778, ExpectedResult = "1.104778e+06")]
    [TestCase(25_276_026_880, ExpectedResult = "2.527602688e+10")]
    [TestCase(1_795_492_560, ExpectedResult = "1.79549256e+09")]
    public string Whole_numbers_are_written_as_go_writes_floats(long value) => Write(page => page.WriteFloat(value));

    [TestCase(0.0, ExpectedResult = "0")]
    [TestCase(41.024178857, ExpectedResult = "41.024178857")]
    [TestCase(0.0001, ExpectedResult = "0.0001")]
    [TestCase(6.6408e-05, ExpectedResult = "6.6408e-05")]
    [TestCase(1795492187.745753, ExpectedResult = "1.795492187745753e+09")]
    [TestCase(1e21, ExpectedResult = "1e+21")]
    [TestCase(-2.5e-9, ExpectedResult = "-2.5e-09")]
    public string Fractions_are_written_in_their_shortest_form(double value) => Write(page => page.WriteFloat(value));

    [Test]
    public void What_is_written_reads_back_as_the_same_number() => Gen.Double.Where(double.IsFinite).Sample(value =>
        double.Parse(Write(page => page.WriteFloat(value)), CultureInfo.InvariantCulture).Equals(value));

    private static string Write(Action<PageWriter> write)
    {
        using PageWriter page = new(1);
        write(page);
        return Encoding.UTF8.GetString(page.Written.Span);
    }
}
