using System.Buffers;
using Observability.Model;
using Observability.Storage.Blocks.Columns;
using Observability.Storage.Blocks.Files;

namespace Observability.Storage.Blocks.Selection;

/// <summary>
/// One selection's reading of one block: series that lie side by side share units and times, so the last of each are kept. Safe on any
/// number of threads; the caller holds a lease.
/// </summary>
internal sealed class BlockReading(Block block)
{
    private const int KeptUnits = 8;
    private const int KeptTimesUnits = 8;
    private const int KeptTimesBytes = 4 << 20;

    private readonly (int Number, ColumnUnit Unit)?[] _units = new (int, ColumnUnit)?[KeptUnits];
    private readonly (int Number, ColumnUnit Unit)?[] _timesUnits = new (int, ColumnUnit)?[KeptTimesUnits];
    private readonly Dictionary<int, long[]> _times = [];   // of all metrics of a cgroup, so worth a few MiB
    private readonly Dictionary<int, Label> _labels = [];
    private readonly Lock _gate = new();
    private int _timesBytes;

    [ThreadStatic]
    private static List<SeriesRun>? s_runs;

    public Block Block => block;

    public LabelSet LabelsOf(int series)
    {
        lock (_gate)
            return block.Index.LabelsOf(series, _labels);
    }

    /// <summary>Adds a series' samples in a range, oldest first.</summary>
    public void Read(int series, TimeRange range, SampleColumns into)
    {
        List<SeriesRun> runs = s_runs ??= [];
        runs.Clear();
        block.Index.ReadRuns(series, runs);
        foreach (SeriesRun run in runs)
        {
            TimesEntry column = TimesEntryOf(run.Times);
            if (column.FirstMs > range.ToMs || column.LastMs < range.FromMs)
                continue;
            ReadOnlySpan<long> times = TimesOf(run);
            int first = FirstAtOrAfter(times, range.FromMs);
            int end = range.ToMs == long.MaxValue ? times.Length : FirstAtOrAfter(times, range.ToMs + 1);
            if (first >= end)
                continue;
            ColumnUnit unit = Unit(_units, run.Unit);
            into.Extend(end - first, out Span<long> timestampsMs, out Span<double> values);
            times[first..end].CopyTo(timestampsMs);
            if (first == 0 && end == times.Length)
            {
                unit.ReadValues(run.Column, times, values);
                continue;
            }
            double[] all = ArrayPool<double>.Shared.Rent(times.Length);
            unit.ReadValues(run.Column, times, all);
            all.AsSpan(first, end - first).CopyTo(values);
            ArrayPool<double>.Shared.Return(all);
        }
    }

    /// <summary>The times of a run's rows.</summary>
    public ReadOnlySpan<long> TimesOf(SeriesRun run)
    {
        ReadOnlySpan<long> times = Times(run.Times);
        return run.FirstRow + run.Rows <= times.Length
            ? times.Slice(run.FirstRow, run.Rows)
            : throw new CorruptDataException("A run is longer than its times.");
    }

    /// <summary>A whole column of times.</summary>
    public ReadOnlySpan<long> Times(int number)
    {
        lock (_gate)
        {
            if (_times.TryGetValue(number, out long[]? known))
                return known;
        }
        TimesEntry entry = TimesEntryOf(number);
        ColumnUnit unit = Unit(_timesUnits, entry.Unit);
        if (unit.CountOf(entry.Column) != entry.Rows)
            throw new CorruptDataException("Times that are not as many as they should be.");
        long[] times = GC.AllocateUninitializedArray<long>(entry.Rows);
        unit.ReadTimes(entry.Column, times);
        lock (_gate)
        {
            if (_timesBytes < KeptTimesBytes && _times.TryAdd(number, times))
                _timesBytes += times.Length * sizeof(long);
        }
        return times;
    }

    private TimesEntry TimesEntryOf(int number)
    {
        ReadOnlySpan<TimesEntry> entries = block.Index.Times;
        return (uint)number < (uint)entries.Length ? entries[number] : throw new CorruptDataException("Times that the block does not have.");
    }

    private ColumnUnit Unit((int Number, ColumnUnit Unit)?[] kept, int number)
    {
        lock (_gate)
        {
            if (kept[number % kept.Length] is { } known && known.Number == number)
                return known.Unit;
        }
        ColumnUnit unit = block.ReadUnit(number); // not under the lock: two threads may read the same, once
        lock (_gate)
            kept[number % kept.Length] = (number, unit);
        return unit;
    }

    private static int FirstAtOrAfter(ReadOnlySpan<long> times, long timestampMs)
    {
        int index = times.BinarySearch(timestampMs);
        return index < 0 ? ~index : index;
    }

    private sealed record KnownTimes(int Number, long[] TimesMs);
}
