using CsCheck;
using Observability.PromQL.Functions.Buckets;
using Observability.PromQL.Functions.Values;
using Observability.PromQL.Histograms;
using Observability.PromQL.Tests.Histograms;

namespace Observability.PromQL.Tests.Functions;

internal sealed class QuantileTests
{
    [TestCase(0, ExpectedResult = 1)]
    [TestCase(0.5, ExpectedResult = 2.5)]
    [TestCase(1, ExpectedResult = 4)]
    [TestCase(-1, ExpectedResult = double.NegativeInfinity)]
    [TestCase(2, ExpectedResult = double.PositiveInfinity)]
    public double Of_floats_it_is_interpolated_between_neighbours(double quantile) => FloatQuantile.Of(quantile, [3, 1, 4, 2]);

    [Test]
    public void Fraction_is_the_inverse_of_quantile() => Gen.Select(Gen.Double[0.01, 0.99], HistogramGen.Exponential.Where(histogram => histogram.Count > 0)).Sample((share, histogram) =>
    {
        double value = NativeQuantile.Quantile(share, histogram, out _);

        // A zero bucket without width is a step: all shares in it have the same value.
        if (value == 0 && histogram.ZeroThreshold == 0)
            return;
        Assert.That(NativeQuantile.Fraction(double.NegativeInfinity, value, histogram, out _), Is.EqualTo(share).Within(1e-6));
    });

    [Test]
    public void Quantiles_rise() => Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], HistogramGen.Exponential.Where(histogram => histogram.Count > 0)).Sample((a, b, histogram) =>
    {
        double lower = NativeQuantile.Quantile(Math.Min(a, b), histogram, out _), upper = NativeQuantile.Quantile(Math.Max(a, b), histogram, out _);

        Assert.That(lower, Is.LessThanOrEqualTo(upper + Math.Abs(upper) * 1e-9));
    });

    [Test]
    public void Observations_of_NaN_are_greater_than_any_bucket()
    {
        var histogram = new FloatHistogram { Count = 15, Sum = double.NaN, Positive = SparseBuckets.FromDense(0, [12]) };

        Assert.That(NativeQuantile.Quantile(0.8, histogram, out NanEffect inBuckets), Is.EqualTo(1));
        Assert.That(NativeQuantile.Quantile(0.81, histogram, out NanEffect behind), Is.NaN);
        Assert.That((inBuckets, behind), Is.EqualTo((NanEffect.Skewed, NanEffect.Hidden)));
        Assert.That(NativeQuantile.Fraction(double.NegativeInfinity, double.PositiveInfinity, histogram, out _), Is.EqualTo(0.8));
    }

    [Test]
    public void Falling_buckets_are_lifted_and_told()
    {
        ClassicBuckets buckets = Classic((0.1, 20), (1, 10), (10, 50), (100, 40), (1000, 90), (double.PositiveInfinity, 80));

        Assert.That(buckets.Quantile(0.01), Is.EqualTo(0.0045).Within(1e-9));
        Assert.That(buckets.ForcedMonotonic, Is.True);
        Assert.That(buckets.Fall, Is.EqualTo((1.0, double.PositiveInfinity, 10.0)));
    }

    [Test]
    public void A_fall_as_small_as_rounding_is_not_told()
    {
        ClassicBuckets buckets = Classic((1, 10), (2, 10 - 1e-13), (double.PositiveInfinity, 10));

        Assert.That(buckets.ForcedMonotonic, Is.False);
    }

    [Test]
    public void Custom_buckets_give_what_classic_ones_give() => Gen.Select(HistogramGen.Custom.Where(histogram => histogram.CustomBounds.Length > 0 && histogram.Count > 0), Gen.Double[0.001, 0.999], Gen.Double[-6, 16], Gen.Double[-6, 16]).Sample((histogram, share, lower, upper) =>
    {
        double before = 0;
        ClassicBuckets classic = Classic([.. histogram.CustomBounds.Append(double.PositiveInfinity).Select((bound, i) => (bound, before += histogram.Positive.Counts[i]))]);

        Assert.That(classic.Fraction(lower, upper), Is.EqualTo(NativeQuantile.Fraction(lower, upper, histogram, out _)).Within(1e-9));
        Assert.That(classic.Quantile(share), Is.EqualTo(NativeQuantile.Quantile(share, histogram, out _)).Within(1e-9));
    });

    [Test]
    public void Without_an_open_bucket_nothing_is_known()
    {
        Assert.That(Classic((1, 10), (2, 20)).Quantile(0.5), Is.NaN);
        Assert.That(Classic((1, 10), (2, 20)).Fraction(0, 1), Is.NaN);
    }

    private static ClassicBuckets Classic(params (double Bound, double Count)[] counts)
    {
        var buckets = new ClassicBuckets();
        buckets.Clear();
        foreach ((double bound, double count) in counts)
            buckets.Add(bound, count);
        buckets.EnsureMonotonic();
        return buckets;
    }
}
