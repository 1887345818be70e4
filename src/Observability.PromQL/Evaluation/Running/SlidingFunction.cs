using System.Buffers;
using Observability.PromQL.Functions.Windows;

namespace Observability.PromQL.Evaluation.Running;

/// <summary>
/// A function whose value over a window can be put together from its values over two neighbouring parts. The samples are cut at pivots:
/// a window is a part before the pivot, whose value is looked up, and one behind it, whose value grows with the window. When a window's
/// start passes the pivot, the next pivot is the window's end. So each sample is added twice, nothing is ever subtracted, and no digit is
/// lost.
/// </summary>
internal sealed class SlidingFunction<TState> : RunningFunction where TState : struct, IWindowState<TState>
{
    public override long Evaluate(RunningWindows windows, ReadOnlySpan<long> times, ReadOnlySpan<double> values, Span<double> into, ref WindowNotes notes)
    {
        TState[] suffixes = ArrayPool<TState>.Shared.Rent(values.Length);
        TState behind = default;
        int first = 0, end = 0, pivot = 0, behindEnd = 0;
        long used = 0;
        bool exact = TState.IsExact(values);
        for (int step = 0; step < into.Length; step++)
        {
            long endMs = windows.EndOf(step), startMs = endMs - windows.RangeMs;
            while (end < times.Length && times[end] <= endMs)
                end++;
            while (first < end && times[first] <= startMs)
                first++;
            if (first == end)
                continue;
            used += end - first;
            if (!exact)
            {
                if ((step & 63) == 63)
                    windows.CancellationToken.ThrowIfCancellationRequested();
                into[step] = TState.Of(values[first..end]);
                continue;
            }
            if (first >= pivot)
            {
                pivot = behindEnd = end;
                TState suffix = TState.Of(values[end - 1]);
                suffixes[end - 1] = suffix;
                for (int i = end - 2; i >= first; i--)
                {
                    suffix.Add(values[i]);
                    suffixes[i] = suffix;
                }
            }
            if (behindEnd < end)
            {
                if (behindEnd == pivot)
                    behind = TState.Of(values[behindEnd++]);
                for (; behindEnd < end; behindEnd++)
                    behind.Add(values[behindEnd]);
            }
            TState state = suffixes[first];
            if (behindEnd > pivot)
                state.Merge(behind);
            into[step] = state.Result(end - first);
        }
        ArrayPool<TState>.Shared.Return(suffixes);
        return used;
    }
}
