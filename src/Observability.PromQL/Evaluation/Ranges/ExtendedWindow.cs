using Observability.PromQL.Functions.Windows;

namespace Observability.PromQL.Evaluation.Ranges;

/// <summary>What an <c>anchored</c> or <c>smoothed</c> range selector shows by itself: its samples with a value at each end of the window.</summary>
internal static class ExtendedWindow
{
    /// <param name="times">In the window and in reach of it.</param>
    /// <param name="values">At these times.</param>
    /// <param name="startMs">The window's start.</param>
    /// <param name="endMs">The window's end.</param>
    /// <param name="smoothed">Values at the ends lie on the line between their neighbours; else they are those of the samples before.</param>
    public static (long[] Times, double[] Values) Extend(long[] times, double[] values, long startMs, long endMs, bool smoothed)
    {
        if (times.Length == 0)
            return (times, values);
        int last = times.Length - 1;
        int first = Math.Max(0, WindowSearch.FirstAfter(times.AsSpan(0, last), startMs) - 1);
        if (smoothed)
            last = WindowSearch.FirstAfter(times.AsSpan(0, last), endMs - 1);
        if (times[last] <= startMs)
            return ([], []);
        double left = smoothed && times[first] < startMs && first + 1 < times.Length ? Between(times, values, first, startMs) : values[first];
        double right = smoothed && last > 0 && times[last] > endMs ? Between(times, values, last - 1, endMs) : values[last];
        if (times[first] <= startMs)
            first++;
        if (times[last] >= endMs)
            last--;
        int inside = Math.Max(last - first + 1, 0);
        var extendedTimes = new long[inside + 2];
        var extendedValues = new double[inside + 2];
        (extendedTimes[0], extendedValues[0]) = (startMs, left);
        times.AsSpan(first, inside).CopyTo(extendedTimes.AsSpan(1));
        values.AsSpan(first, inside).CopyTo(extendedValues.AsSpan(1));
        (extendedTimes[^1], extendedValues[^1]) = (endMs, right);
        return (extendedTimes, extendedValues);
    }

    private static double Between(long[] times, double[] values, int place, long atMs) =>
        values[place] + ((values[place + 1] - values[place]) * (atMs - times[place]) / (times[place + 1] - times[place]));
}
