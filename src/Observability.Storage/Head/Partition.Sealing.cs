using System.Buffers;
using System.Runtime.InteropServices;
using Observability.Model;
using Observability.Storage.Blocks;
using Observability.Storage.Index;

namespace Observability.Storage.Head;

/// <summary>The partition's blocks, and how samples get there.</summary>
internal sealed partial class Partition
{
    private readonly Lock _upkeep = new();  // one sealing or truncation at a time
    private long _sealedToMs = long.MinValue;
    private long _closedToMs = long.MinValue;   // guarded by the partition's lock

    /// <summary>What is on disk; null where nothing is, or the store has no folder.</summary>
    public PartitionBlocks? Blocks => IsRemoved ? null : _store.Blocks?.Find(Tenant);

    /// <summary>Samples up to here are in blocks, and there will be no others.</summary>
    public long SealedToMs => Volatile.Read(ref _sealedToMs);

    public void Remove() => Volatile.Write(ref _isRemoved, true);

    /// <summary>
    /// Writes what is in memory of every period that ended at or before a time to blocks, a block a period, and drops it from memory. From
    /// then on no sample up to that time is taken.
    /// </summary>
    /// <param name="toMs">The last millisecond of a period.</param>
    /// <param name="cancellationToken">Ends it between two series; what is not published stays in memory.</param>
    public void Seal(long toMs, CancellationToken cancellationToken)
    {
        lock (_upkeep)
        {
            if (toMs <= SealedToMs || IsRemoved)
                return;
            lock (_lock)
                _closedToMs = toMs; // nothing older comes in behind the copy
            while (OldestMs() is var oldestMs && oldestMs <= toMs)
            {
                long fromMs = GroupTimes.PeriodStart(oldestMs);
                var period = new TimeRange(fromMs, fromMs + GroupTimes.BoundaryMs - 1);
                SealPeriod(period, cancellationToken);
                Volatile.Write(ref _sealedToMs, period.ToMs);
                DropBefore(period.ToMs + 1);
            }
            Volatile.Write(ref _sealedToMs, toMs);
        }
    }

    /// <summary>The series with exactly these labels; null where no block has samples of it in the range.</summary>
    public BlockSeries? FindInBlocks(LabelSet labels, TimeRange range)
    {
        var found = new List<BlockSeries>();
        Blocks?.Select(null, [.. labels.Select(label => Matcher.Equal(label.Name, label.Value))], range, found, CancellationToken.None);
        return found.Find(series => series.Labels == labels);
    }

    private void SealPeriod(TimeRange period, CancellationToken cancellationToken)
    {
        HeadSeries[] series = InLabelOrder(period);
        using BlockWriter block = _store.Blocks!.Of(Tenant).BeginBlock(period); // without it nothing is sealed
        var columns = new Dictionary<int, int>();
        var scratch = new SampleColumns();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        foreach (HeadSeries one in series)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Copy(one, period, ref buffer);
            if (length == 0)
                continue;
            block.BeginSeries(LabelsOf(one));
            ChunkCopy.Seal(buffer.AsSpan(0, length), period, block, columns, scratch);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        block.Finish();
    }

    private long OldestMs()
    {
        long oldestMs = long.MaxValue;
        for (int start = 0; ; start += TruncateStep * 8)
        {
            lock (_lock)
            {
                for (int slot = start; slot < Math.Min(_table.Length, start + (TruncateStep * 8)); slot++)
                {
                    if (_table.HandleOf(slot) is not null)
                        oldestMs = Math.Min(oldestMs, _table[slot].OldestMs);
                }
                if (start + (TruncateStep * 8) >= _table.Length)
                    return oldestMs;
            }
        }
    }

    /// <summary>The series with samples in a period, sorted as label sets are, without making any.</summary>
    private HeadSeries[] InLabelOrder(TimeRange period)
    {
        var series = new List<HeadSeries>();
        var firstIds = new List<(int Start, int Count)>();
        var ids = new List<int>();
        int[] ranks;
        lock (_lock)
        {
            for (int slot = 0; slot < _table.Length; slot++)
            {
                if (_table.HandleOf(slot) is not { } one || _table[slot].OldestMs > period.ToMs || _table[slot].NewestMs < period.FromMs)
                    continue;
                ReadOnlySpan<int> labels = _index.LabelsOf(_table[slot]);
                series.Add(one);
                firstIds.Add((ids.Count, labels.Length));
                ids.AddRange(labels);
            }
            var pairs = new List<LabelPair>();
            foreach (int id in ids.Distinct())
                pairs.Add(_index.Pair(id));
            pairs.Sort(static (left, right) => string.CompareOrdinal(left.Label.Name, right.Label.Name) is var order and not 0
                ? order
                : string.CompareOrdinal(left.Value, right.Value));
            ranks = new int[_index.PairCount];
            for (int i = 0; i < pairs.Count; i++)
                ranks[pairs[i].Id] = i;
        }
        foreach (ref int id in CollectionsMarshal.AsSpan(ids))
            id = ranks[id];
        HeadSeries[] sorted = [.. series];
        (int, int)[] keys = [.. firstIds];
        Array.Sort(keys, sorted, Comparer<(int Start, int Count)>.Create((left, right) =>
        {
            Span<int> all = CollectionsMarshal.AsSpan(ids);
            return all.Slice(left.Start, left.Count).SequenceCompareTo(all.Slice(right.Start, right.Count));
        }));
        return sorted;
    }
}
