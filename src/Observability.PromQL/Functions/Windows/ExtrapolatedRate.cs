using Observability.PromQL.Histograms;
using Observability.PromQL.Results;

namespace Observability.PromQL.Functions.Windows;

/// <summary>
/// <c>rate</c>, <c>increase</c>, <c>delta</c>: the change between the first and the last sample, extended to the edges of the range where
/// the samples come near to them.
/// </summary>
internal static class ExtrapolatedRate
{
    public static bool Rate(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value) =>
        Compute(window, isCounter: true, isRate: true, ref notes, out value);

    public static bool Increase(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value) =>
        Compute(window, isCounter: true, isRate: false, ref notes, out value);

    public static bool Delta(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value) =>
        Compute(window, isCounter: false, isRate: false, ref notes, out value);

    private static bool Compute(in SampleWindow window, bool isCounter, bool isRate, ref WindowNotes notes, out FunctionValue value)
    {
        value = default;
        bool floats = !window.Times.IsEmpty, histograms = !window.Histograms.IsEmpty;
        if (floats && histograms)
        {
            notes |= WindowNotes.MixedFloatsAndHistograms;
            return false;
        }
        bool extended = window.Anchored || window.Smoothed;
        bool done = histograms
            ? extended ? ExtendedHistogramRate.Compute(window, isCounter, isRate, ref notes, out value) : OfHistograms(window, isCounter, isRate, ref notes, out value)
            : floats && (extended ? ExtendedRate.Compute(window, isCounter, isRate, out value) : OfFloats(window, isCounter, isRate, ref notes, out value));
        if (done && floats && isCounter)
            notes |= WindowNotes.CounterOfFloats;
        return done;
    }

    private static bool OfFloats(in SampleWindow window, bool isCounter, bool isRate, ref WindowNotes notes, out FunctionValue value)
    {
        ReadOnlySpan<double> values = window.Values;
        double change = values[^1] - values[0];
        if (isCounter)
        {
            ReadOnlySpan<long> times = window.Times, starts = window.StartTimes;
            for (int i = 1; i < values.Length; i++)
            {
                if (values[i] < values[i - 1])
                    change += values[i - 1];
                else if (!starts.IsEmpty && StartTimes.ShowReset(starts[i - 1], times[i - 1], starts[i], times[i]))
                    change += values[i - 1];
            }
            notes |= OverlapNote(times, starts);
        }
        if (!TryExtend(window, window.Times[0], window.Times[^1], values.Length, isCounter, StartOf(window.StartTimes), values[0], change, out double factor, out bool startsFromZero))
        {
            value = default;
            return false;
        }
        if (startsFromZero)
            change += values[0];
        value = change * (isRate ? factor / window.RangeSeconds : factor);
        return true;
    }

    private static bool OfHistograms(in SampleWindow window, bool isCounter, bool isRate, ref WindowNotes notes, out FunctionValue value)
    {
        value = default;
        ReadOnlySpan<HistogramPoint> points = window.Histograms;
        FloatHistogram? change = null;
        if (points.Length > 1 && !HistogramChange.TryCompute(points, window.HistogramStartTimes, isCounter, ref notes, out change))
            return false;
        FloatHistogram first = points[0].Histogram;
        if (!TryExtend(window, points[0].TimestampMs, points[^1].TimestampMs, points.Length, isCounter, StartOf(window.HistogramStartTimes),
            first.Count, change?.Count ?? 0, out double factor, out bool startsFromZero))
            return false;
        if (startsFromZero)
        {
            if (change is null)
                change = first;
            else if (!HistogramChange.TryAdd(ref change, first, ref notes))
                return false;
        }
        value = change!.Multiply(isRate ? factor / window.RangeSeconds : factor); // without it TryExtend fails or starts from zero
        return true;
    }

    private static long StartOf(ReadOnlySpan<long> starts) => starts.IsEmpty ? 0 : starts[0];

    private static WindowNotes OverlapNote(ReadOnlySpan<long> times, ReadOnlySpan<long> starts)
    {
        for (int i = 1; i < starts.Length; i++)
        {
            if (StartTimes.Overlap(starts[i - 1], times[i - 1], starts[i]))
                return WindowNotes.StartTimesOverlap;
        }
        return WindowNotes.None;
    }

    /// <summary>By how much the change grows when it is extended over the range.</summary>
    /// <param name="window">The range.</param>
    /// <param name="firstMs">The first sample.</param>
    /// <param name="lastMs">The last sample.</param>
    /// <param name="samples">How many.</param>
    /// <param name="isCounter">It cannot have been below zero.</param>
    /// <param name="counterStartMs">When the counter of the first sample started, or 0.</param>
    /// <param name="first">The first value, or the first histogram's count.</param>
    /// <param name="change">The change of it.</param>
    /// <param name="factor">The result.</param>
    /// <param name="startsFromZero">The counter started inside the range, so the first value itself is a change too.</param>
    /// <returns>False where a single sample tells nothing.</returns>
    private static bool TryExtend(
        in SampleWindow window, long firstMs, long lastMs, int samples, bool isCounter, long counterStartMs, double first, double change, out double factor, out bool startsFromZero)
    {
        double toStart = (firstMs - window.StartMs) / 1000.0, toEnd = (window.EndMs - lastMs) / 1000.0, sampled = (lastMs - firstMs) / 1000.0;
        double between = samples > 1 ? sampled / (samples - 1) : 0;
        double threshold = between * 1.1;
        factor = 1;
        startsFromZero = isCounter && counterStartMs != 0 && counterStartMs > window.StartMs && counterStartMs < firstMs;
        if (startsFromZero)
        {
            toStart = 0;
            sampled = (lastMs - counterStartMs) / 1000.0;
        }
        else if (samples == 1)
        {
            return false;
        }
        else
        {
            if (toStart >= threshold)
                toStart = between / 2;
            if (isCounter && change > 0 && first >= 0)
                toStart = Math.Min(toStart, sampled * (first / change));
        }
        if (toEnd >= threshold)
            toEnd = between / 2;
        if (sampled != 0)
            factor = (sampled + toStart + toEnd) / sampled;
        return true;
    }
}
