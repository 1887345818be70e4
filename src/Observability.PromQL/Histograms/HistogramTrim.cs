namespace Observability.PromQL.Histograms;

/// <summary>
/// Cuts a histogram at a limit. A bucket that the limit cuts keeps its part by the interpolation of <c>histogram_fraction</c>; the sum is
/// estimated anew from the middle of what each bucket keeps, unless nothing was cut off.
/// </summary>
internal static class HistogramTrim
{
    public static FloatHistogram KeepUpTo(FloatHistogram histogram, double limit) =>
        double.IsPositiveInfinity(limit) ? histogram : Trim(histogram, limit, keepsLower: true);

    public static FloatHistogram KeepFrom(FloatHistogram histogram, double limit) =>
        double.IsNegativeInfinity(limit) ? histogram : Trim(histogram, limit, keepsLower: false);

    private static FloatHistogram Trim(FloatHistogram histogram, double limit, bool keepsLower)
    {
        double zeroCount = 0;
        double[] negative = new double[histogram.Negative.Length], positive = new double[histogram.Positive.Length];
        var count = new CompensatedSum(0);
        var sum = new CompensatedSum(0);
        bool cuts = false;
        int n = negative.Length, p = 0;
        foreach (HistogramBucket layout in histogram.Buckets())
        {
            HistogramBucket bucket = HistogramInterpolation.WithNaturalBounds(histogram, layout);
            double kept = Kept(bucket, limit, keepsLower, out double middle);
            cuts |= kept != bucket.Count;
            if (kept != 0)
            {
                count.Add(kept);
                sum.Add(kept * middle);
            }
            switch (bucket.Kind)
            {
                case HistogramBucketKind.Negative:
                    negative[--n] = kept;
                    break;
                case HistogramBucketKind.Zero:
                    zeroCount = kept;
                    break;
                default:
                    positive[p++] = kept;
                    break;
            }
        }
        // Observations of NaN are in no bucket: they are neither below the limit nor above it.
        bool hasNan = double.IsNaN(histogram.Sum) && count.Value < histogram.Count;
        if (!cuts && !hasNan)
            return histogram;
        return histogram.Copy(
            histogram.CounterResetHint, zeroCount, count.Value, sum.Value,
            histogram.Positive.WithCounts(positive), histogram.Negative.WithCounts(negative)).Compact();
    }

    /// <param name="bucket">With natural bounds.</param>
    /// <param name="limit">Not infinite on the side that is kept.</param>
    /// <param name="keepsLower">What is below the limit stays, else what is above.</param>
    /// <param name="middle">Of the part that stays: the mean of its observations as far as the bounds tell.</param>
    /// <returns>How many observations stay.</returns>
    private static double Kept(HistogramBucket bucket, double limit, bool keepsLower, out double middle)
    {
        bool opensDown = double.IsNegativeInfinity(bucket.Lower), opensUp = double.IsPositiveInfinity(bucket.Upper);
        middle = 0;
        if (opensUp && (opensDown || bucket.Lower == 0 && bucket.LowerInclusive))
            return 0; // one bucket for all: nothing is known of either part
        if (opensDown)
        {
            // All of an open bucket is taken to be at its end, where that is within the limit.
            middle = Math.Min(limit, bucket.Upper);
            return !keepsLower || double.IsNegativeInfinity(limit) ? 0 : bucket.Count;
        }
        if (opensUp)
        {
            middle = Math.Max(limit, bucket.Lower);
            return keepsLower || double.IsPositiveInfinity(limit) ? 0 : bucket.Count;
        }

        // Of a zero bucket without width, at the limit, all is taken to be above.
        if (keepsLower ? !(limit > bucket.Lower) : !(limit < bucket.Upper || limit == bucket.Lower))
            return 0;
        (double lower, double upper) = keepsLower
            ? (bucket.Lower, Math.Min(bucket.Upper, limit))
            : (Math.Max(bucket.Lower, limit), bucket.Upper);
        middle = HistogramInterpolation.Middle(bucket, lower, upper);
        if (lower == bucket.Lower && upper == bucket.Upper)
            return bucket.Count;
        double below = HistogramInterpolation.FractionBelow(bucket, limit);
        return bucket.Count * (keepsLower ? below : 1 - below);
    }
}
