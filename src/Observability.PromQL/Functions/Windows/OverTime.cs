using Observability.PromQL.Histograms;
using Observability.PromQL.Functions.Values;

namespace Observability.PromQL.Functions.Windows;

/// <summary>The functions <c>…_over_time</c> that take any sample, or floats and histograms apart.</summary>
internal static class OverTime
{
    public static bool Count(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        value = window.Times.Length + window.Histograms.Length;
        return true;
    }

    public static bool Present(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        value = 1;
        return true;
    }

    public static bool First(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        bool isFloat = window.Histograms.IsEmpty || (!window.Times.IsEmpty && window.Times[0] < window.Histograms[0].TimestampMs);
        value = isFloat ? window.Values[0] : window.Histograms[0].Histogram;
        return true;
    }

    public static bool Last(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        bool isFloat = window.Histograms.IsEmpty || (!window.Times.IsEmpty && window.Times[^1] > window.Histograms[^1].TimestampMs);
        value = isFloat ? window.Values[^1] : window.Histograms[^1].Histogram;
        return true;
    }

    public static bool TimeOfFirst(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        long floats = window.Times.IsEmpty ? long.MaxValue : window.Times[0];
        long histograms = window.Histograms.IsEmpty ? long.MaxValue : window.Histograms[0].TimestampMs;
        value = Math.Min(floats, histograms) / 1000.0;
        return true;
    }

    public static bool TimeOfLast(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        long floats = window.Times.IsEmpty ? 0 : window.Times[^1];
        long histograms = window.Histograms.IsEmpty ? 0 : window.Histograms[^1].TimestampMs;
        value = Math.Max(floats, histograms) / 1000.0;
        return true;
    }

    public static bool Sum(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        if (!TryStartSum(window, mean: false, ref notes, out value, out bool done))
            return false;
        if (done)
            return true;
        var sum = new CompensatedSum(0);
        foreach (double number in window.Values)
            sum.Add(number);
        value = sum.Value;
        return true;
    }

    public static bool Average(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        if (!TryStartSum(window, mean: true, ref notes, out value, out bool done))
            return false;
        if (!done)
            value = FloatMean.Of(window.Values);
        return true;
    }

    /// <summary>Handles all but windows of floats alone.</summary>
    private static bool TryStartSum(in SampleWindow window, bool mean, ref WindowNotes notes, out FunctionValue value, out bool done)
    {
        value = default;
        done = false;
        if (window.Histograms.IsEmpty)
            return true;
        if (!window.Times.IsEmpty)
        {
            notes |= WindowNotes.MixedFloatsAndHistograms;
            return false;
        }
        var sum = new HistogramAccumulator(window.Histograms[0].Histogram, mean);
        foreach (Results.HistogramPoint point in window.Histograms[1..])
        {
            if (sum.TryAdd(point.Histogram))
                continue;
            notes |= WindowNotes.MixedBucketSchemas;
            return false;
        }
        if (sum.CounterResetCollision)
            notes |= WindowNotes.CounterResetCollision;
        if (sum.BoundsReconciled)
            notes |= WindowNotes.BoundsReconciledInAggregation;
        value = sum.Result();
        return done = true;
    }
}
