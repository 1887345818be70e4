using System.Buffers;
using Observability.PromQL.Functions.Windows;

namespace Observability.PromQL.Evaluation.Running;

/// <summary>
/// <c>rate</c>, <c>increase</c> and <c>delta</c>: both ends of a window are walked along the samples, and of the samples between only
/// the restarts, which are found once, are looked at. They are added up anew for each window, as a running difference would lose digits.
/// </summary>
internal sealed class RunningRate(bool isCounter, bool isRate) : RunningFunction
{
    public override long Evaluate(RunningWindows windows, ReadOnlySpan<long> times, ReadOnlySpan<double> values, Span<double> into, ref WindowNotes notes)
    {
        int[] rented = [];
        ReadOnlySpan<int> restarts = isCounter ? FindRestarts(values, ref rented) : [];
        double rangeSeconds = windows.RangeMs / 1000.0;
        int first = 0, end = 0, firstRestart = 0;
        long used = 0;
        bool any = false;
        for (int step = 0; step < into.Length; step++)
        {
            long endMs = windows.EndOf(step), startMs = endMs - windows.RangeMs;
            while (end < times.Length && times[end] <= endMs)
                end++;
            while (first < end && times[first] <= startMs)
                first++;
            int count = end - first;
            used += count;
            if (count < 2)
                continue;

            double firstValue = values[first], change = values[end - 1] - firstValue;
            if (restarts.Length > 0)
            {
                while (firstRestart < restarts.Length && restarts[firstRestart] <= first)
                    firstRestart++;
                for (int i = firstRestart; i < restarts.Length && restarts[i] < end; i++)
                    change += values[restarts[i] - 1];
                if ((step & 63) == 63)
                    windows.CancellationToken.ThrowIfCancellationRequested();
            }
            any = true;
            double factor = Extension(times[first] - startMs, endMs - times[end - 1], times[end - 1] - times[first], count, firstValue, change);
            into[step] = change * (isRate ? factor / rangeSeconds : factor);
        }
        if (rented.Length > 0)
            ArrayPool<int>.Shared.Return(rented);
        if (any && isCounter)
            notes |= WindowNotes.CounterOfFloats;
        return used;
    }

    /// <summary>By how much the change grows when it is extended to the window's edges, where the samples come near to them.</summary>
    private double Extension(long toStartMs, long toEndMs, long sampledMs, int count, double firstValue, double change)
    {
        double toStart = toStartMs / 1000.0, toEnd = toEndMs / 1000.0, sampled = sampledMs / 1000.0;
        double between = sampled / (count - 1), threshold = between * 1.1;
        if (toStart >= threshold)
            toStart = between / 2;
        if (isCounter && change > 0 && firstValue >= 0)
        {
            double toZero = sampled * (firstValue / change);
            if (toZero < toStart)
                toStart = toZero;
        }
        if (toEnd >= threshold)
            toEnd = between / 2;
        return (sampled + toStart + toEnd) / sampled;
    }

    /// <summary>Places of the samples that are less than the one before.</summary>
    private static ReadOnlySpan<int> FindRestarts(ReadOnlySpan<double> values, ref int[] rented)
    {
        int count = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (!(values[i] < values[i - 1]))
                continue;
            if (count == rented.Length)
            {
                int[] larger = ArrayPool<int>.Shared.Rent(Math.Max(16, count * 2));
                rented.AsSpan(0, count).CopyTo(larger);
                if (rented.Length > 0)
                    ArrayPool<int>.Shared.Return(rented);
                rented = larger;
            }
            rented[count++] = i;
        }
        return rented.AsSpan(0, count);
    }
}
