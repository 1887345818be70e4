using Observability.PromQL.Results;

namespace Observability.PromQL.Functions.Windows;

internal static class WindowSearch
{
    /// <summary>The first place whose time is later than the given one, or the length.</summary>
    public static int FirstAfter(ReadOnlySpan<long> times, long timeMs)
    {
        int low = 0, high = times.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (times[middle] > timeMs)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    /// <inheritdoc cref="FirstAfter(ReadOnlySpan{long}, long)"/>
    public static int FirstAfter(ReadOnlySpan<HistogramPoint> points, long timeMs)
    {
        int low = 0, high = points.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (points[middle].TimestampMs > timeMs)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
