using Observability.Model;
using Observability.Storage.Blocks;
using Observability.Storage.Blocks.Selection;
using Observability.Storage.Head;

namespace Observability.Storage;

/// <summary>One series of an answer. What it shows is fixed by the selection: samples that come later do not appear.</summary>
public sealed class SelectedSeries
{
    private readonly Partition _partition;
    private readonly VisibleSeries? _inMemory;
    private readonly BlockSeries? _inBlocks;
    private readonly TimeRange _range;
    private readonly long _sealedToMs;      // when it was selected
    private LabelSet? _labels;

    internal SelectedSeries(Partition partition, VisibleSeries? inMemory, BlockSeries? inBlocks, TimeRange range, long sealedToMs)
    {
        _partition = partition;
        _inMemory = inMemory;
        _inBlocks = inBlocks;
        _range = range;
        _sealedToMs = sealedToMs;
    }

    /// <summary>The partition it was read from.</summary>
    public TenantUid Tenant => _partition.Tenant;

    /// <summary>Made when first asked for.</summary>
    /// <exception cref="DataRemovedException">It was removed since.</exception>
    public LabelSet Labels => _labels ??= _inMemory is { } inMemory ? inMemory.Series.Labels : _inBlocks!.Labels; // one of the two is there

    /// <summary>
    /// Adds the samples in the selection's range to a list, oldest first, stale markers included. They can be none. Safe on any
    /// thread; samples that were dropped since the selection (<see cref="MetricStore.Truncate"/>) are missing.
    /// </summary>
    /// <exception cref="DataRemovedException">They were removed since, by retention or with their tenant.</exception>
    /// <exception cref="CorruptDataException">What is on disk of them is damaged.</exception>
    public void CopyTo(List<Sample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var columns = new SampleColumns();
        Read(columns);
        samples.EnsureCapacity(samples.Count + columns.Count);
        for (int i = 0; i < columns.Count; i++)
            samples.Add(new Sample(columns.TimestampsMs[i], columns.Values[i]));
    }

    /// <summary>Adds the samples that <see cref="CopyTo"/> adds, to columns. One thread a buffer.</summary>
    /// <inheritdoc cref="CopyTo"/>
    public void Read(SampleColumns into)
    {
        ArgumentNullException.ThrowIfNull(into);
        int before = into.Count;
        ReadBlocks(_inBlocks, into);
        if (_inMemory is not { } inMemory)
            return;
        int start = into.Count;
        _partition.Read(inMemory.Series, inMemory.Range, into);
        Join(into, before, start);
        if (_partition.SealedToMs > _sealedToMs && _partition.SealedToMs >= inMemory.Range.FromMs)
        {
            // What was in memory at the selection may be in a block by now.
            start = into.Count;
            ReadBlocks(_partition.FindInBlocks(Labels, inMemory.Range), into);
            Join(into, before, start);
        }
    }

    private void ReadBlocks(BlockSeries? series, SampleColumns into) => series?.Read(_range, into);

    private static void Join(SampleColumns into, int before, int start)
    {
        if (start > before && into.Count > start && into.TimestampsMs[start] <= into.TimestampsMs[start - 1])
            SampleMerge.Merge(into, before, start);
    }
}
