using Observability.Model;
using Observability.Storage.Blocks.Selection;

namespace Observability.Storage.Blocks;

/// <summary>A series as one selection found it in the blocks of a partition.</summary>
internal sealed class BlockSeries
{
    private readonly PartitionBlocks _partition;
    private readonly TimeRange _shown;
    private Part[] _parts; // by the start of the block
    private LabelSet? _labels;
    private UInt128? _fingerprint;

    internal BlockSeries(PartitionBlocks partition, TimeRange shown, BlockReading reading, int number, UInt128? fingerprint)
    {
        _partition = partition;
        _shown = shown;
        _parts = [new Part(reading, number)];
        _fingerprint = fingerprint;
    }

    /// <summary>Equal for equal labels in the partition; see <see cref="PartitionBlocks.FingerprintOf(LabelSet)"/>. For one thread.</summary>
    public UInt128 Fingerprint => _fingerprint ??= Under(_parts[0], static (part, self) => self._partition.FingerprintOf(part.Reading.Block.Index, part.Series));

    /// <summary>Decoded when first asked for. Safe on any thread.</summary>
    /// <exception cref="DataRemovedException">The block was removed since.</exception>
    public LabelSet Labels => _labels ??= Under(_parts[0], static (part, _) => part.Reading.LabelsOf(part.Series));

    /// <summary>Times of the oldest and the newest sample in the blocks that were selected, cut to what the selection may show.</summary>
    public TimeRange Range
    {
        get
        {
            long fromMs = long.MaxValue, toMs = long.MinValue;
            foreach (Part part in _parts)
            {
                TimeRange range = Under(part, static (part, _) => part.Reading.Block.Index.TimesOf(part.Series));
                fromMs = Math.Min(fromMs, range.FromMs);
                toMs = Math.Max(toMs, range.ToMs);
            }
            return new TimeRange(fromMs, toMs).Intersect(_shown);
        }
    }

    /// <summary>
    /// Adds the samples in a range, cut to what the selection may show: oldest first, each time once, stale markers included. Safe on
    /// any thread beside other series' reads. Where blocks hold different values of one time, the older block's counts.
    /// </summary>
    /// <exception cref="DataRemovedException">A block that the series needs was removed since.</exception>
    /// <exception cref="CorruptDataException">A block that the series needs is damaged; it is in quarantine now.</exception>
    public void Read(TimeRange range, SampleColumns into)
    {
        ArgumentNullException.ThrowIfNull(into);
        range = range.Intersect(_shown);
        if (range.IsEmpty)
            return;
        int before = into.Count;
        try
        {
            foreach (Part part in _parts)
            {
                if (part.Reading.Block.Info.Range.Intersect(range).IsEmpty)
                    continue;
                int start = into.Count;
                Under(part, (part, _) =>
                {
                    part.Reading.Read(part.Series, range, into);
                    return 0;
                });
                if (start > before && into.Count > start && into.TimestampsMs[start] <= into.TimestampsMs[start - 1])
                    SampleMerge.Merge(into, before, start);
            }
        }
        catch
        {
            into.RemoveLast(into.Count - before);
            throw;
        }
    }

    /// <summary>Adds the same series in a later block.</summary>
    internal void Add(BlockReading reading, int number) => _parts = [.. _parts, new Part(reading, number)];

    private T Under<T>(Part part, Func<Part, BlockSeries, T> read)
    {
        Block block = part.Reading.Block;
        block.Enter();
        try
        {
            return read(part, this);
        }
        catch (Exception exception) when (exception is CorruptDataException or IOException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            _partition.SetAside(block, exception);
            throw exception as CorruptDataException ?? new CorruptDataException($"The block {block.Info.Id} cannot be read.", exception);
        }
        finally
        {
            block.Exit();
        }
    }

    private readonly record struct Part(BlockReading Reading, int Series);
}
