using Observability.PromQL.Histograms;
using Observability.PromQL.Results;

namespace Observability.PromQL.Functions.Windows;

/// <summary>The change over a run of histograms, restarts of the counter added in.</summary>
internal static class HistogramChange
{
    /// <param name="points">Two or more.</param>
    /// <param name="starts">When each counter started; may be empty.</param>
    /// <param name="isCounter">Restarts count.</param>
    /// <param name="notes">What to tell.</param>
    /// <param name="change">A gauge, compacted.</param>
    /// <returns>False where the histograms cannot be compared.</returns>
    public static bool TryCompute(ReadOnlySpan<HistogramPoint> points, ReadOnlySpan<long> starts, bool isCounter, ref WindowNotes notes, out FloatHistogram? change)
    {
        change = null;
        FloatHistogram first = points[0].Histogram, last = points[^1].Histogram;
        WindowNotes own = isCounter && (first.CounterResetHint == CounterResetHint.Gauge || last.CounterResetHint == CounterResetHint.Gauge)
            ? WindowNotes.NotACounter
            : WindowNotes.None;
        if (isCounter && IsReset(points, starts, 1, first))
        {
            // Nothing of the first sample but its time matters then, and least of all its layout.
            FloatHistogram second = points[1].Histogram;
            first = new FloatHistogram { Schema = second.Schema, CustomBounds = second.CustomBounds };
        }
        if (last.UsesCustomBuckets != first.UsesCustomBuckets)
        {
            notes |= own | WindowNotes.MixedBucketSchemas;
            return false;
        }
        int schema = Math.Min(last.Schema, first.Schema);
        foreach (HistogramPoint point in isCounter ? points[1..^1] : [])
        {
            if (point.Histogram.CounterResetHint == CounterResetHint.Gauge)
                own |= WindowNotes.NotACounter;
            if (point.Histogram.UsesCustomBuckets != first.UsesCustomBuckets)
            {
                notes |= WindowNotes.MixedBucketSchemas;
                return false;
            }
            schema = Math.Min(schema, point.Histogram.Schema);
        }

        FloatHistogram sum = last.CopyToSchema(schema);
        if (!TrySubtract(ref sum, first, ref own))
        {
            notes |= WindowNotes.MixedBucketSchemas;
            return false;
        }
        if (isCounter)
        {
            FloatHistogram previous = first;
            for (int i = 1; i < points.Length; i++)
            {
                if (!starts.IsEmpty && StartTimes.Overlap(starts[i - 1], points[i - 1].TimestampMs, starts[i]))
                    own |= WindowNotes.StartTimesOverlap;
                if (IsReset(points, starts, i, previous) && !TryAdd(ref sum, previous, ref own))
                {
                    notes |= WindowNotes.MixedBucketSchemas;
                    return false;
                }
                previous = points[i].Histogram;
            }
        }
        else if (points[0].Histogram.CounterResetHint != CounterResetHint.Gauge || last.CounterResetHint != CounterResetHint.Gauge)
        {
            own |= WindowNotes.NotAGauge;
        }
        notes |= own;
        change = sum.WithHint(CounterResetHint.Gauge).Compact();
        return true;
    }

    /// <summary>Adds, and notes what there is to tell.</summary>
    public static bool TryAdd(ref FloatHistogram sum, FloatHistogram other, ref WindowNotes notes)
    {
        if (!sum.TryAdd(other, out HistogramSum result))
        {
            notes |= WindowNotes.MixedBucketSchemas;
            return false;
        }
        if (result.BoundsReconciled)
            notes |= WindowNotes.BoundsReconciledInAddition;
        sum = result.Histogram;
        return true;
    }

    /// <summary>Subtracts, and notes what there is to tell.</summary>
    public static bool TrySubtract(ref FloatHistogram sum, FloatHistogram other, ref WindowNotes notes)
    {
        if (!sum.TrySubtract(other, out HistogramSum result))
        {
            notes |= WindowNotes.MixedBucketSchemas;
            return false;
        }
        if (result.BoundsReconciled)
            notes |= WindowNotes.BoundsReconciledInSubtraction;
        sum = result.Histogram;
        return true;
    }

    private static bool IsReset(ReadOnlySpan<HistogramPoint> points, ReadOnlySpan<long> starts, int index, FloatHistogram previous) =>
        (!starts.IsEmpty && StartTimes.ShowReset(starts[index - 1], points[index - 1].TimestampMs, starts[index], points[index].TimestampMs)) ||
        points[index].Histogram.DetectReset(previous);
}
