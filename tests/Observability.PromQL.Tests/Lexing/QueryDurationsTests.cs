using System.Text;
using CsCheck;
using Observability.PromQL.Lexing;

namespace Observability.PromQL.Tests.Lexing;

internal sealed class QueryDurationsTests
{
    [TestCase(0, ExpectedResult = "0s")]
    [TestCase(1, ExpectedResult = "1ms")]
    [TestCase(61_001, ExpectedResult = "1m1s1ms")]
    [TestCase(7L * 86_400_000, ExpectedResult = "1w")]
    [TestCase(8L * 86_400_000, ExpectedResult = "8d")]
    [TestCase(365L * 86_400_000, ExpectedResult = "1y")]
    [TestCase(366L * 86_400_000, ExpectedResult = "366d")]
    public string Durations_are_written_in_whole_units(long milliseconds)
    {
        var text = new StringBuilder();
        QueryDurations.Append(text, milliseconds);
        return text.ToString();
    }

    [Test]
    public void What_is_written_reads_back() =>
        Gen.Long[0, 9_000_000_000_000].Sample(milliseconds =>
        {
            var text = new StringBuilder();
            QueryDurations.Append(text, milliseconds);
            return QueryDurations.TryParse(text.ToString(), out double seconds, out _) && (long)Math.Round(seconds * 1000) == milliseconds;
        });
}
