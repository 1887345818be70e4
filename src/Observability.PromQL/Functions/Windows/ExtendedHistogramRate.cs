using Observability.PromQL.Histograms;
using Observability.PromQL.Results;

namespace Observability.PromQL.Functions.Windows;

/// <summary>As <see cref="ExtendedRate"/>, of histograms.</summary>
internal static class ExtendedHistogramRate
{
    public static bool Compute(in SampleWindow window, bool isCounter, bool isRate, ref WindowNotes notes, out FunctionValue value)
    {
        value = default;
        ReadOnlySpan<HistogramPoint> points = window.Histograms;
        int last = points.Length - 1;
        int first = Math.Max(0, WindowSearch.FirstAfter(points[..last], window.StartMs) - 1);
        if (window.Smoothed)
            last = WindowSearch.FirstAfter(points[..last], window.EndMs - 1);
        if (points[last].TimestampMs <= window.StartMs || (window.Smoothed && points[first].TimestampMs > window.EndMs))
            return false;
        if (!AreAlike(points[first..(last + 1)], isCounter, ref notes))
            return false;

        FloatHistogram? left = points[first].Histogram, right = points[last].Histogram;
        if (window.Smoothed && points[first].TimestampMs < window.StartMs)
            left = Interpolate(points[first], points[first + 1], window.StartMs, isCounter, ref notes);
        if (window.Smoothed && last > 0 && points[last].TimestampMs > window.EndMs)
            right = Interpolate(points[last - 1], points[last], window.EndMs, isCounter, ref notes);
        if (left is null || right is null)
            return false;
        if (!isCounter && (left.CounterResetHint != CounterResetHint.Gauge || right.CounterResetHint != CounterResetHint.Gauge))
            notes |= WindowNotes.NotAGauge;

        FloatHistogram change = right;
        if (!HistogramChange.TrySubtract(ref change, left, ref notes))
            return false;
        if (isCounter)
        {
            if (!TryCorrect(window, first, last, left, right, ref notes, out FloatHistogram? correction))
                return false;
            if (correction is not null && !HistogramChange.TryAdd(ref change, correction, ref notes))
                return false;
        }
        if (isRate)
            change = change.Divide(window.RangeSeconds);
        value = change.WithHint(CounterResetHint.Gauge).Compact();
        return true;
    }

    /// <summary>The histogram at a time between two others; a counter that restarted in between grows from zero.</summary>
    /// <returns>Null where they cannot be compared.</returns>
    public static FloatHistogram? Interpolate(HistogramPoint first, HistogramPoint second, long timeMs, bool isCounter, ref WindowNotes notes)
    {
        if (timeMs == first.TimestampMs)
            return first.Histogram;
        if (timeMs == second.TimestampMs)
            return second.Histogram;
        double fraction = (double)(timeMs - first.TimestampMs) / (second.TimestampMs - first.TimestampMs);
        if (isCounter && second.Histogram.DetectReset(first.Histogram))
            return second.Histogram.Multiply(fraction);
        FloatHistogram result = second.Histogram;
        if (!HistogramChange.TrySubtract(ref result, first.Histogram, ref notes))
            return null;
        result = result.Multiply(fraction);
        return HistogramChange.TryAdd(ref result, first.Histogram, ref notes) ? result : null;
    }

    private static bool AreAlike(ReadOnlySpan<HistogramPoint> points, bool isCounter, ref WindowNotes notes)
    {
        foreach (HistogramPoint point in points)
        {
            if (point.Histogram.UsesCustomBuckets != points[0].Histogram.UsesCustomBuckets)
            {
                notes |= WindowNotes.MixedBucketSchemas;
                return false;
            }
            if (isCounter && point.Histogram.CounterResetHint == CounterResetHint.Gauge)
                notes |= WindowNotes.NotACounter;
        }
        return true;
    }

    /// <summary>What restarts between the edges took away.</summary>
    private static bool TryCorrect(
        in SampleWindow window, int first, int last, FloatHistogram left, FloatHistogram right, ref WindowNotes notes, out FloatHistogram? correction)
    {
        correction = null;
        ReadOnlySpan<HistogramPoint> points = window.Histograms;
        int next = first + 1;
        FloatHistogram previous = left;
        if (window.Smoothed && points[first].TimestampMs < window.StartMs && points[first + 1].Histogram.DetectReset(points[first].Histogram))
        {
            // The left edge was interpolated over this restart, which is accounted for by that.
            previous = points[first + 1].Histogram;
            next++;
        }
        // Both edges in the same stretch: nothing lies between them. The last sample itself is what the right edge was made of.
        if (next > last)
            return true;
        for (int i = next; i < last; i++)
        {
            if (points[i].Histogram.DetectReset(previous) && !TryAdd(ref correction, previous, ref notes))
                return false;
            previous = points[i].Histogram;
        }
        return !right.DetectReset(previous) || TryAdd(ref correction, previous, ref notes);
    }

    private static bool TryAdd(ref FloatHistogram? sum, FloatHistogram other, ref WindowNotes notes)
    {
        if (sum is not null)
            return HistogramChange.TryAdd(ref sum, other, ref notes);
        sum = other;
        return true;
    }
}
