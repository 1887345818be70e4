using Observability.PromQL.Histograms;

namespace Observability.PromQL.Tests.Histograms;

internal sealed class ResetHintsTests
{
    [Test]
    public void Each_histogram_is_compared_with_the_one_before()
    {
        var hints = new ResetHints();

        CounterResetHint[] found = [.. new double[] { 3, 5, 4, 4 }.Select(count => hints.Next(new FloatHistogram { Count = count }).CounterResetHint)];

        Assert.That(found, Is.EqualTo(new[] { CounterResetHint.Unknown, CounterResetHint.NotReset, CounterResetHint.Reset, CounterResetHint.NotReset }));
    }

    [Test]
    public void What_a_histogram_says_itself_stands()
    {
        var hints = new ResetHints();
        hints.Next(new FloatHistogram { Count = 3 });

        FloatHistogram gauge = hints.Next(new FloatHistogram { Count = 2, CounterResetHint = CounterResetHint.Gauge });

        Assert.That(gauge.CounterResetHint, Is.EqualTo(CounterResetHint.Gauge));
    }

    [Test]
    public void Behind_an_interruption_nothing_is_known()
    {
        var hints = new ResetHints();
        hints.Next(new FloatHistogram { Count = 3 });
        hints.Interrupt();

        Assert.That(hints.Next(new FloatHistogram { Count = 2 }).CounterResetHint, Is.EqualTo(CounterResetHint.Unknown));
    }
}
