namespace Observability.PromQL.Functions.Windows;

/// <summary>
/// The rate family with <c>anchored</c> (the last sample before the range counts as its first) and <c>smoothed</c> (values at the edges
/// of the range are interpolated between the samples around them). Nothing is extrapolated.
/// </summary>
internal static class ExtendedRate
{
    public static bool Compute(in SampleWindow window, bool isCounter, bool isRate, out FunctionValue value)
    {
        value = default;
        ReadOnlySpan<long> times = window.Times;
        ReadOnlySpan<double> values = window.Values;
        int last = times.Length - 1;
        int first = Math.Max(0, WindowSearch.FirstAfter(times[..last], window.StartMs) - 1);
        if (window.Smoothed)
            last = WindowSearch.FirstAfter(times[..last], window.EndMs - 1);
        if (times[last] <= window.StartMs || (window.Smoothed && times[first] > window.EndMs))
            return false;

        double left = window.Smoothed && times[first] < window.StartMs ? Interpolate(window, first, window.StartMs, isCounter) : values[first];
        double right = window.Smoothed && last > 0 && times[last] > window.EndMs ? Interpolate(window, last - 1, window.EndMs, isCounter) : values[last];
        double change = right - left;
        if (isCounter)
        {
            // Restarts at the edges are in the interpolated values.
            if (times[first] <= window.StartMs)
                first++;
            if (times[last] >= window.EndMs)
                last--;
            double previous = left;
            for (int i = first; i <= last; i++)
            {
                if (values[i] < previous)
                    change += previous;
                previous = values[i];
            }
            if (right < previous)
                change += previous;
        }
        value = isRate ? change / window.RangeSeconds : change;
        return true;
    }

    /// <summary>The value at a time between two samples; a counter that restarted in between grows from zero.</summary>
    public static double Interpolate(long firstMs, double first, long secondMs, double second, long timeMs, bool isCounter)
    {
        if (isCounter && second < first)
            first = 0;
        return first + (second - first) * (timeMs - firstMs) / (secondMs - firstMs);
    }

    private static double Interpolate(in SampleWindow window, int place, long timeMs, bool isCounter) =>
        Interpolate(window.Times[place], window.Values[place], window.Times[place + 1], window.Values[place + 1], timeMs, isCounter);
}
