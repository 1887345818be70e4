namespace Observability.PromQL.Histograms;

internal static class HistogramArithmetic
{
    public static bool TryCombine(FloatHistogram left, FloatHistogram right, bool subtract, out HistogramSum result)
    {
        if (!TryAlign(ref left, ref right, out bool boundsReconciled))
        {
            result = default;
            return false;
        }
        double sign = subtract ? -1 : 1;
        FloatHistogram sum = left.Copy(
            CombineHints(left.CounterResetHint, right.CounterResetHint, out bool collision),
            left.ZeroCount + sign * right.ZeroCount, left.Count + sign * right.Count, left.Sum + sign * right.Sum,
            SparseBuckets.Add(left.Positive, right.Positive, subtract), SparseBuckets.Add(left.Negative, right.Negative, subtract));
        if (boundsReconciled)
            sum = sum.Compact();
        result = new HistogramSum(sum, collision, boundsReconciled);
        return true;
    }

    /// <summary>Brings both into the layout in which both have a form.</summary>
    /// <returns>False where one has exponential and the other custom buckets.</returns>
    public static bool TryAlign(ref FloatHistogram left, ref FloatHistogram right, out bool boundsReconciled)
    {
        boundsReconciled = false;
        if (left.UsesCustomBuckets != right.UsesCustomBuckets)
            return false;
        if (left.UsesCustomBuckets)
        {
            boundsReconciled = !left.CustomBounds.AsSpan().SequenceEqual(right.CustomBounds.AsSpan());
            if (boundsReconciled)
            {
                var bounds = HistogramLayout.CommonBounds(left.CustomBounds, right.CustomBounds);
                left = HistogramLayout.WithBounds(left, bounds);
                right = HistogramLayout.WithBounds(right, bounds);
            }
            return true;
        }
        double threshold = HistogramLayout.CommonThreshold(left, right);
        int schema = Math.Min(left.Schema, right.Schema);
        left = HistogramLayout.InSchema(HistogramLayout.WithZeroThreshold(left, threshold), schema);
        right = HistogramLayout.InSchema(HistogramLayout.WithZeroThreshold(right, threshold), schema);
        return true;
    }

    /// <summary>A gauge stays a gauge, and what is unknown of one is unknown of both.</summary>
    public static CounterResetHint CombineHints(CounterResetHint left, CounterResetHint right, out bool collision)
    {
        collision = false;
        if (left == right)
            return left;
        if (left == CounterResetHint.Gauge || right == CounterResetHint.Gauge)
            return CounterResetHint.Gauge;
        collision = left != CounterResetHint.Unknown && right != CounterResetHint.Unknown;
        return CounterResetHint.Unknown;
    }
}
