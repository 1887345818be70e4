using CsCheck;

namespace Observability.Model.Tests;

internal sealed class DurationsTests
{
    [TestCase("500ms", 500)]
    [TestCase("15s", 15_000)]
    [TestCase("5m", 300_000)]
    [TestCase("2h", 7_200_000)]
    [TestCase("15d", 1_296_000_000)]
    public void One_number_and_one_unit_is_a_duration(string text, int milliseconds)
    {
        bool read = Durations.TryParse(text, out TimeSpan duration);

        Assert.That(read, Is.True);
        Assert.That(duration, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("")]
    [TestCase("15")]
    [TestCase("s")]
    [TestCase("-5s")]
    [TestCase("1.5h")]
    [TestCase("1h30m")]
    [TestCase("15 s")]
    [TestCase("99999999999s")]
    [TestCase("999999999d")]
    public void Anything_else_is_none(string text) => Assert.That(Durations.TryParse(text, out _), Is.False);

    [Test]
    public void What_is_written_is_read_again() =>
        Gen.Int[0, 1_000_000_000].Sample(milliseconds =>
            Durations.TryParse(Durations.Format(TimeSpan.FromMilliseconds(milliseconds)), out TimeSpan duration) && duration.TotalMilliseconds == milliseconds);
}
