namespace Observability.PromQL.Histograms;

/// <summary>How observations are taken to lie within a bucket: evenly on a log scale in exponential buckets, else evenly.</summary>
internal static class HistogramInterpolation
{
    /// <summary>
    /// The bounds that observations are taken to have: the zero bucket of a histogram with buckets on one side only ends at zero, and so
    /// does a custom bucket that has no lower bound but reaches above zero.
    /// </summary>
    public static HistogramBucket WithNaturalBounds(FloatHistogram histogram, HistogramBucket bucket) => bucket.Kind switch
    {
        HistogramBucketKind.Zero when histogram.Negative.IsEmpty && !histogram.Positive.IsEmpty => bucket with { Lower = 0 },
        HistogramBucketKind.Zero when histogram.Positive.IsEmpty && !histogram.Negative.IsEmpty => bucket with { Upper = 0 },
        HistogramBucketKind.Custom when double.IsNegativeInfinity(bucket.Lower) && bucket.Upper > 0 => bucket with { Lower = 0 },
        _ => bucket,
    };

    /// <summary>The share of a bucket's observations below a value inside it.</summary>
    public static double FractionBelow(HistogramBucket bucket, double value)
    {
        if (IsLinear(bucket))
            return double.IsNegativeInfinity(bucket.Lower) ? 1 : (value - bucket.Lower) / (bucket.Upper - bucket.Lower);
        double lower = Math.Log2(Math.Abs(bucket.Lower)), upper = Math.Log2(Math.Abs(bucket.Upper)), at = Math.Log2(Math.Abs(value));
        return bucket.Kind == HistogramBucketKind.Positive ? (at - lower) / (upper - lower) : 1 - (at - upper) / (lower - upper);
    }

    /// <summary>The value below which a share of a bucket's observations lies.</summary>
    public static double ValueAt(HistogramBucket bucket, double fraction)
    {
        if (IsLinear(bucket))
            return bucket.Lower + (bucket.Upper - bucket.Lower) * fraction;
        double lower = Math.Log2(Math.Abs(bucket.Lower)), upper = Math.Log2(Math.Abs(bucket.Upper));
        return bucket.Kind == HistogramBucketKind.Positive
            ? Math.Pow(2, lower + (upper - lower) * fraction)
            : -Math.Pow(2, upper + (lower - upper) * (1 - fraction));
    }

    /// <summary>The middle of a part of a bucket.</summary>
    public static double Middle(HistogramBucket bucket, double lower, double upper)
    {
        if (IsLinear(bucket))
            return (lower + upper) / 2;
        double middle = Math.Sqrt(Math.Abs(lower) * Math.Abs(upper));
        return bucket.Kind == HistogramBucketKind.Negative ? -middle : middle;
    }

    private static bool IsLinear(HistogramBucket bucket) => bucket.Kind is HistogramBucketKind.Zero or HistogramBucketKind.Custom;
}
