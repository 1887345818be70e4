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
    private const int KeptTimes = 32;

    private readonly (int Number, ColumnUnit Unit)?[] _units = new (int, ColumnUnit)?[KeptUnits];
    private readonly KnownTimes?[] _times = new KnownTimes?[KeptTimes];
    private readonly Dictionary<int, Label> _labels = [];
    private readonly Lock _gate = new();

    public Block Block => block;

    public LabelSet LabelsOf(int series)
    {
        lock (_gate)
            return block.Index.LabelsOf(series, _labels);
    }

    /// <summary>Adds a series' samples in a range, oldest first.</summary>
    public void Read(int series, TimeRange range, SampleColumns into)
    {
        ByteSource record = block.Index.Record(series);
        block.Index.ReadTimes(ref record);
        for (int left = record.Varint(int.MaxValue); left > 0; left--)
        {
            SeriesRun run = ReadRun(ref record);
            ReadOnlySpan<long> times = TimesOf(run);
            int first = FirstAtOrAfter(times, range.FromMs);
            int end = range.ToMs == long.MaxValue ? times.Length : FirstAtOrAfter(times, range.ToMs + 1);
            if (first >= end)
                continue;
            ColumnUnit unit = Unit(run.Unit);
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

    /// <summary>The runs of a series, in time order.</summary>
    public void ReadRuns(int series, List<SeriesRun> into)
    {
        ByteSource record = block.Index.Record(series);
        block.Index.ReadTimes(ref record);
        for (int left = record.Varint(int.MaxValue); left > 0; left--)
            into.Add(ReadRun(ref record));
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
        ref KnownTimes? place = ref _times[number % KeptTimes];
        if (Volatile.Read(ref place) is { } known && known.Number == number)
            return known.TimesMs;
        ReadOnlySpan<TimesEntry> entries = block.Index.Times;
        if ((uint)number >= (uint)entries.Length)
            throw new CorruptDataException("Times that the block does not have.");
        TimesEntry entry = entries[number];
        ColumnUnit unit = Unit(entry.Unit);
        if (unit.CountOf(entry.Column) != entry.Rows)
            throw new CorruptDataException("Times that are not as many as they should be.");
        long[] times = GC.AllocateUninitializedArray<long>(entry.Rows);
        unit.ReadTimes(entry.Column, times);
        Volatile.Write(ref place, new KnownTimes(number, times));
        return times;
    }

    public ColumnUnit Unit(int number)
    {
        lock (_gate)
        {
            if (_units[number % KeptUnits] is { } known && known.Number == number)
                return known.Unit;
        }
        ColumnUnit unit = block.ReadUnit(number); // not under the lock: two threads may read the same, once
        lock (_gate)
            _units[number % KeptUnits] = (number, unit);
        return unit;
    }

    private static SeriesRun ReadRun(ref ByteSource record) => new(
        record.Varint(int.MaxValue), record.Varint(int.MaxValue), record.Varint(int.MaxValue), record.Varint(int.MaxValue), record.Varint(int.MaxValue));

    private static int FirstAtOrAfter(ReadOnlySpan<long> times, long timestampMs)
    {
        int index = times.BinarySearch(timestampMs);
        return index < 0 ? ~index : index;
    }

    private sealed record KnownTimes(int Number, long[] TimesMs);
}
