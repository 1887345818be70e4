using CsCheck;
using Observability.PromQL.Histograms;
using static Observability.PromQL.Tests.Histograms.HistogramGen;

namespace Observability.PromQL.Tests.Histograms;

internal sealed class HistogramAccumulatorTests
{
    [Test]
    public void Great_sums_that_cancel_out_leave_the_small_ones()
    {
        double[] sums = [1, 1e100, 1, -1e100];
        HistogramAccumulator sum = Accumulate(sums, mean: false), mean = Accumulate(sums, mean: true);

        Assert.That(sum.Result().Sum, Is.EqualTo(2));
        Assert.That(mean.Result().Sum, Is.EqualTo(0.5));
    }

    [Test]
    public void A_mean_does_not_overflow_where_the_sum_does()
    {
        double[] sums = [1.5e308, 1.5e308, 1.5e308];

        Assert.That(Accumulate(sums, mean: false).Result().Sum, Is.EqualTo(double.PositiveInfinity));
        Assert.That(Accumulate(sums, mean: true).Result().Sum, Is.EqualTo(1.5e308).Within(1e295));
    }

    [Test]
    public void It_adds_as_plain_addition_does_where_nothing_is_lost() => Exponential.Array[1, 6].Sample(histograms =>
    {
        var sum = new HistogramAccumulator(histograms[0], mean: false);
        FloatHistogram plain = histograms[0];
        foreach (FloatHistogram histogram in histograms.Skip(1))
        {
            Assert.That(sum.TryAdd(histogram), Is.True);
            plain.TryAdd(histogram, out HistogramSum next);
            plain = next.Histogram;
        }

        Assert.That(sum.Result().Compact(), Is.EqualTo(plain.Compact()));
    });

    private static HistogramAccumulator Accumulate(double[] sums, bool mean)
    {
        var accumulator = new HistogramAccumulator(new FloatHistogram { Count = 1, Sum = sums[0] }, mean);
        foreach (double sum in sums.Skip(1))
            accumulator.TryAdd(new FloatHistogram { Count = 1, Sum = sum });
        return accumulator;
    }
}
