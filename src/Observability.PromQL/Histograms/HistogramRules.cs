namespace Observability.PromQL.Histograms;

internal static class HistogramRules
{
    public static string? FindProblem(FloatHistogram histogram)
    {
        if (histogram.UsesCustomBuckets)
        {
            for (int i = 0; i < histogram.CustomBounds.Length; i++)
            {
                if (!double.IsFinite(histogram.CustomBounds[i]) && !double.IsNegativeInfinity(histogram.CustomBounds[i]))
                    return "A custom bound is infinite or no number.";
                if (i > 0 && histogram.CustomBounds[i] <= histogram.CustomBounds[i - 1])
                    return "The custom bounds do not rise.";
            }
            if (!histogram.Positive.IsEmpty && (histogram.Positive.Indexes[0] < 0 || histogram.Positive.Indexes[^1] > histogram.CustomBounds.Length))
                return "A bucket stands outside the custom bounds.";
            if (histogram.ZeroCount != 0 || histogram.ZeroThreshold != 0 || !histogram.Negative.IsEmpty)
                return "Custom buckets have no zero bucket and no negative side.";
        }
        else
        {
            if (!ExponentialBounds.IsExponential(histogram.Schema))
                return $"There is no schema {histogram.Schema}.";
            if (!histogram.CustomBounds.IsEmpty)
                return "Exponential buckets have no custom bounds.";
            if (histogram.ZeroCount < 0 || AnyNegative(histogram.Negative))
                return "A bucket has a negative count.";
        }
        return histogram.Count < 0 ? "The count is negative." : AnyNegative(histogram.Positive) ? "A bucket has a negative count." : null;
    }

    private static bool AnyNegative(SparseBuckets buckets)
    {
        foreach (double count in buckets.Counts)
        {
            if (count < 0)
                return true;
        }
        return false;
    }
}
