using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Values;

/// <summary>What can be read off a native histogram without a parameter.</summary>
internal static class HistogramValues
{
    public static IReadOnlyDictionary<string, Func<FloatHistogram, double>> ByName { get; } = new Dictionary<string, Func<FloatHistogram, double>>(StringComparer.Ordinal)
    {
        ["histogram_avg"] = static histogram => histogram.Sum / histogram.Count,
        ["histogram_count"] = static histogram => histogram.Count,
        ["histogram_stddev"] = static histogram => Math.Sqrt(Variance(histogram)),
        ["histogram_stdvar"] = Variance,
        ["histogram_sum"] = static histogram => histogram.Sum,
    };

    /// <summary>Estimated: each observation is taken to be in the middle of its bucket.</summary>
    public static double Variance(FloatHistogram histogram)
    {
        double mean = histogram.Sum / histogram.Count;
        var variance = new CompensatedSum(0);
        foreach (HistogramBucket bucket in histogram.Buckets())
        {
            if (bucket.Count == 0)
                continue;
            double delta = Middle(bucket) - mean;
            variance.Add(bucket.Count * delta * delta);
        }
        return (variance.High + variance.Low) / histogram.Count;
    }

    private static double Middle(HistogramBucket bucket) =>
        bucket.Kind == HistogramBucketKind.Zero ? 0 : HistogramInterpolation.Middle(bucket, bucket.Lower, bucket.Upper);
}
