using System.Collections.Immutable;

namespace Observability.PromQL.Histograms;

/// <summary>Brings histograms into the layout of others: schema, zero bucket, custom bounds.</summary>
internal static class HistogramLayout
{
    /// <summary>In a schema with fewer buckets, or the same.</summary>
    public static FloatHistogram InSchema(FloatHistogram histogram, int schema)
    {
        int levels = histogram.Schema - schema;
        if (levels == 0)
            return histogram;
        return new FloatHistogram
        {
            Schema = schema,
            CounterResetHint = histogram.CounterResetHint,
            ZeroThreshold = histogram.ZeroThreshold,
            ZeroCount = histogram.ZeroCount,
            Count = histogram.Count,
            Sum = histogram.Sum,
            Positive = histogram.Positive.Regroup(index => ExponentialBounds.Reduce(index, levels)),
            Negative = histogram.Negative.Regroup(index => ExponentialBounds.Reduce(index, levels)),
        };
    }

    /// <summary>With a wider zero bucket: buckets that begin inside it are counted there.</summary>
    public static FloatHistogram WithZeroThreshold(FloatHistogram histogram, double threshold)
    {
        if (threshold == histogram.ZeroThreshold)
            return histogram;
        double zeroCount = histogram.ZeroCount;
        SparseBuckets positive = Outside(histogram.Positive), negative = Outside(histogram.Negative);
        return new FloatHistogram
        {
            Schema = histogram.Schema,
            CounterResetHint = histogram.CounterResetHint,
            ZeroThreshold = threshold,
            ZeroCount = zeroCount,
            Count = histogram.Count,
            Sum = histogram.Sum,
            Positive = positive,
            Negative = negative,
        };

        SparseBuckets Outside(SparseBuckets buckets)
        {
            for (int i = 0; i < buckets.Length && Lower(buckets.Indexes[i]) < threshold; i++)
                zeroCount += buckets.Counts[i];
            return buckets.Without((index, _) => Lower(index) < threshold);
        }

        double Lower(int index) => ExponentialBounds.Upper(index - 1, histogram.Schema);
    }

    /// <summary>The smallest threshold, not below the given one, that cuts through no bucket with observations.</summary>
    public static double FreeThreshold(FloatHistogram histogram, double threshold)
    {
        bool moved = true;
        while (moved)
        {
            moved = false;
            foreach (SparseBuckets side in (ReadOnlySpan<SparseBuckets>)[histogram.Positive, histogram.Negative])
            {
                for (int i = 0; i < side.Length; i++)
                {
                    if (ExponentialBounds.Upper(side.Indexes[i] - 1, histogram.Schema) >= threshold)
                        break;
                    double upper = ExponentialBounds.Upper(side.Indexes[i], histogram.Schema);
                    if (upper <= threshold || side.Counts[i] == 0)
                        continue;
                    threshold = upper;
                    moved = true;
                }
            }
        }
        return threshold;
    }

    /// <summary>A threshold that is free in both.</summary>
    public static double CommonThreshold(FloatHistogram left, FloatHistogram right)
    {
        if (left.ZeroThreshold == right.ZeroThreshold)
            return left.ZeroThreshold;
        double threshold = Math.Max(left.ZeroThreshold, right.ZeroThreshold), before;
        do
        {
            before = threshold;
            // A histogram's own threshold stands as it is, even where a bucket of it overlaps.
            if (threshold > left.ZeroThreshold)
                threshold = FreeThreshold(left, threshold);
            if (threshold > right.ZeroThreshold)
                threshold = FreeThreshold(right, threshold);
        }
        while (threshold != before);
        return threshold;
    }

    /// <summary>With some of its custom bounds only.</summary>
    public static FloatHistogram WithBounds(FloatHistogram histogram, ImmutableArray<double> bounds)
    {
        ImmutableArray<double> own = histogram.CustomBounds;
        return new FloatHistogram
        {
            Schema = histogram.Schema,
            CounterResetHint = histogram.CounterResetHint,
            Count = histogram.Count,
            Sum = histogram.Sum,
            Positive = histogram.Positive.Regroup(IndexOf),
            CustomBounds = bounds,
        };

        int IndexOf(int index)
        {
            if (index >= own.Length)
                return bounds.Length;
            int place = bounds.AsSpan().BinarySearch(own[index]);
            return place >= 0 ? place : ~place;
        }
    }

    /// <summary>The bounds that both have.</summary>
    public static ImmutableArray<double> CommonBounds(ImmutableArray<double> left, ImmutableArray<double> right)
    {
        var common = ImmutableArray.CreateBuilder<double>();
        for (int l = 0, r = 0; l < left.Length && r < right.Length;)
        {
            if (left[l] == right[r])
                common.Add(left[l]);
            (l, r) = left[l] == right[r] ? (l + 1, r + 1) : left[l] < right[r] ? (l + 1, r) : (l, r + 1);
        }
        return common.ToImmutable();
    }
}
