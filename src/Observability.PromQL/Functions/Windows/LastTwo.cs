using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Windows;

/// <summary><c>irate</c> and <c>idelta</c>: the change between the last two samples.</summary>
internal static class LastTwo
{
    public static bool Rate(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value) =>
        Compute(window, isRate: true, ref notes, out value);

    public static bool Delta(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value) =>
        Compute(window, isRate: false, ref notes, out value);

    private static bool Compute(in SampleWindow window, bool isRate, ref WindowNotes notes, out FunctionValue value)
    {
        value = default;
        var samples = new MixedSamples(window);
        if (window.Times.Length + window.Histograms.Length < 2)
            return false;
        samples.SkipTo(2);
        MixedSamples.Sample first = samples.Next(), second = samples.Next();
        if (first.TimeMs == second.TimeMs)
            return false;
        bool startsNew = isRate && StartTimes.ShowReset(first.StartMs, first.TimeMs, second.StartMs, second.TimeMs);
        double seconds = (second.TimeMs - first.TimeMs) / 1000.0;
        if (first.Histogram is null && second.Histogram is null)
        {
            double change = isRate && (startsNew || second.Number < first.Number) ? second.Number : second.Number - first.Number;
            value = isRate ? change / seconds : change;
            return true;
        }
        if (first.Histogram is null || second.Histogram is null)
        {
            notes |= WindowNotes.MixedFloatsAndHistograms;
            return false;
        }
        bool gauges = first.Histogram.CounterResetHint == CounterResetHint.Gauge && second.Histogram.CounterResetHint == CounterResetHint.Gauge;
        bool anyGauge = first.Histogram.CounterResetHint == CounterResetHint.Gauge || second.Histogram.CounterResetHint == CounterResetHint.Gauge;
        if (isRate && anyGauge)
            notes |= WindowNotes.NotACounter;
        if (!isRate && !gauges)
            notes |= WindowNotes.NotAGauge;
        FloatHistogram result = second.Histogram;
        if (!isRate || !(startsNew || second.Histogram.DetectReset(first.Histogram)))
        {
            if (!HistogramChange.TrySubtract(ref result, first.Histogram, ref notes))
                return false;
        }
        result = result.WithHint(CounterResetHint.Gauge).Compact();
        value = isRate ? result.Divide(seconds) : result;
        return true;
    }
}
