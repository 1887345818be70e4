namespace Observability.PromQL.Histograms;

/// <summary>Finds out whether a counter histogram restarted.</summary>
internal static class HistogramReset
{
    public static bool Detect(FloatHistogram current, FloatHistogram previous)
    {
        if (current.CounterResetHint == CounterResetHint.Reset)
            return true;
        if (current.CounterResetHint == CounterResetHint.NotReset)
            return false;
        if (current.Count < previous.Count)
            return true;
        if (current.UsesCustomBuckets)
        {
            if (!previous.UsesCustomBuckets)
                return true;
            if (!current.CustomBounds.AsSpan().SequenceEqual(previous.CustomBounds.AsSpan()))
            {
                var bounds = HistogramLayout.CommonBounds(current.CustomBounds, previous.CustomBounds);
                return AnyFell(HistogramLayout.WithBounds(current, bounds).Positive, HistogramLayout.WithBounds(previous, bounds).Positive);
            }
            return AnyFell(current.Positive, previous.Positive);
        }

        // A finer schema or a narrower zero bucket comes only with a restart. That includes a change from custom buckets.
        if (current.Schema > previous.Schema || current.ZeroThreshold < previous.ZeroThreshold)
            return true;
        if (current.ZeroThreshold > previous.ZeroThreshold)
        {
            if (HistogramLayout.FreeThreshold(previous, current.ZeroThreshold) != current.ZeroThreshold)
                return true;
            previous = HistogramLayout.WithZeroThreshold(previous, current.ZeroThreshold);
        }
        if (current.ZeroCount < previous.ZeroCount)
            return true;
        previous = HistogramLayout.InSchema(previous, current.Schema);
        return AnyFell(current.Positive, previous.Positive) || AnyFell(current.Negative, previous.Negative);
    }

    private static bool AnyFell(SparseBuckets current, SparseBuckets previous)
    {
        for (int p = 0, c = 0; p < previous.Length; p++)
        {
            while (c < current.Length && current.Indexes[c] < previous.Indexes[p])
                c++;
            bool stands = c < current.Length && current.Indexes[c] == previous.Indexes[p];
            if (stands ? current.Counts[c] < previous.Counts[p] : previous.Counts[p] != 0)
                return true;
        }
        return false;
    }
}
