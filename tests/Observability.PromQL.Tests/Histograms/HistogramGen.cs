using System.Collections.Immutable;
using CsCheck;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Tests.Histograms;

/// <summary>Random histograms with whole counts, as scraped ones have.</summary>
internal static class HistogramGen
{
    private static readonly double[] Thresholds = [0, 0.001, 0.5, 3];

    public static Gen<SparseBuckets> Buckets(int from, int to) =>
        Gen.Select(Gen.Int[from, to], Gen.Int[0, 20].Select(count => (double)count).Array[0, 12], (first, counts) => SparseBuckets.FromDense(first, counts));

    public static Gen<FloatHistogram> Exponential { get; } =
        Gen.Select(Gen.Int[-4, 8], Gen.Int[0, 3].Select(i => Thresholds[i]), Gen.Int[0, 9], Gen.Int[-1000, 1000], Buckets(-20, 20), Buckets(-20, 20),
            (schema, threshold, zero, sum, positive, negative) => WithZeroBucket(threshold, new FloatHistogram
            {
                Schema = schema,
                ZeroCount = zero,
                Count = zero + Total(positive) + Total(negative),
                Sum = sum,
                Positive = positive,
                Negative = negative,
            }));

    public static Gen<FloatHistogram> Custom { get; } =
        Gen.Select(Gen.Int[-5, 15].HashSet[0, 6], Gen.Int[0, 20].Array[7], Gen.Int[-1000, 1000], (bounds, counts, sum) =>
        {
            ImmutableArray<double> sorted = [.. bounds.Select(bound => (double)bound).Order()];
            var buckets = SparseBuckets.FromDense(0, [.. counts.Take(sorted.Length + 1).Select(count => (double)count)]);
            return new FloatHistogram { Schema = FloatHistogram.CustomSchema, CustomBounds = sorted, Count = Total(buckets), Sum = sum, Positive = buckets };
        });

    public static Gen<(FloatHistogram, FloatHistogram)> Pair { get; } =
        Gen.OneOf(Gen.Select(Exponential, Exponential), Gen.Select(Custom, Custom));

    // No bucket may lie inside the zero bucket.
    private static FloatHistogram WithZeroBucket(double threshold, FloatHistogram histogram) =>
        HistogramLayout.WithZeroThreshold(histogram, HistogramLayout.FreeThreshold(histogram, threshold));

    public static double Total(SparseBuckets buckets)
    {
        double total = 0;
        foreach (double count in buckets.Counts)
            total += count;
        return total;
    }

    public static double InBuckets(FloatHistogram histogram) => histogram.ZeroCount + Total(histogram.Positive) + Total(histogram.Negative);
}
