using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Buckets;

/// <summary><c>histogram_quantile</c> and <c>histogram_fraction</c> of one native histogram.</summary>
internal static class NativeQuantile
{
    /// <summary>The value below which a share of the observations lies, estimated within its bucket.</summary>
    /// <param name="quantile">Outside of 0 to 1 the result is infinite.</param>
    /// <param name="histogram">The histogram.</param>
    /// <param name="nan">Whether observations of NaN spoil the result.</param>
    public static double Quantile(double quantile, FloatHistogram histogram, out NanEffect nan)
    {
        nan = NanEffect.None;
        if (quantile is < 0 or > 1)
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        if (histogram.Count == 0 || double.IsNaN(quantile))
            return double.NaN;

        // Observations of NaN are in no bucket and count as the greatest; they can only show where the sum is NaN.
        bool mayHaveNan = double.IsNaN(histogram.Sum);
        bool forward = mayHaveNan || quantile < 0.5;
        double rank = (forward ? quantile : 1 - quantile) * histogram.Count, seen = 0, behind = 0;
        HistogramBucket bucket = default;
        bool found = false;
        foreach (HistogramBucket next in forward ? histogram.Buckets() : histogram.Buckets().Reverse())
        {
            if (next.Count == 0)
                continue;
            if (found)
            {
                behind += next.Count;
                continue;
            }
            bucket = next;
            seen += next.Count;
            found = seen >= rank;
            if (found && !mayHaveNan)
                break;
        }
        if (mayHaveNan && seen + behind < histogram.Count)
            nan = found ? NanEffect.Skewed : NanEffect.Hidden;
        seen = Math.Min(seen, histogram.Count);
        if (seen < rank || bucket == default)
            return mayHaveNan ? double.NaN : bucket.Upper;

        if (bucket.Kind == HistogramBucketKind.Custom)
        {
            if (double.IsNegativeInfinity(bucket.Lower) && bucket.Upper <= 0)
                return bucket.Upper;
            if (!double.IsNegativeInfinity(bucket.Lower) && double.IsPositiveInfinity(bucket.Upper))
                return bucket.Lower;
        }
        bucket = HistogramInterpolation.WithNaturalBounds(histogram, bucket);
        double within = forward ? rank - (seen - bucket.Count) : seen - rank;
        return HistogramInterpolation.ValueAt(bucket, within / bucket.Count);
    }

    /// <summary>The share of observations between two values.</summary>
    public static double Fraction(double lower, double upper, FloatHistogram histogram, out NanEffect nan)
    {
        nan = NanEffect.None;
        if (histogram.Count == 0 || double.IsNaN(lower) || double.IsNaN(upper))
            return double.NaN;
        double rank = 0;
        double? lowerRank = null, upperRank = null;
        foreach (HistogramBucket layout in histogram.Buckets())
        {
            HistogramBucket bucket = HistogramInterpolation.WithNaturalBounds(histogram, layout);
            lowerRank ??= RankIn(bucket, lower, rank);
            upperRank ??= RankIn(bucket, upper, rank);
            rank += bucket.Count;
        }
        double all = histogram.Count;
        if (double.IsNaN(histogram.Sum) && rank < histogram.Count)
        {
            nan = NanEffect.Excluded;
            all = rank;
        }
        return lower >= upper ? 0 : (Math.Min(upperRank ?? all, all) - Math.Min(lowerRank ?? all, all)) / histogram.Count;
    }

    /// <returns>How many observations are below a value, where this bucket can tell; else null.</returns>
    private static double? RankIn(HistogramBucket bucket, double value, double below)
    {
        if (bucket.Lower >= value)
            return below;
        return bucket.Upper > value ? below + bucket.Count * HistogramInterpolation.FractionBelow(bucket, value) : null;
    }
}
