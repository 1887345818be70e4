using Observability.Model;
using Observability.Storage.Blocks;

namespace Observability.Storage.Head;

/// <summary>What a selection found in one partition: a series may be in memory, in blocks, or in both.</summary>
/// <param name="Grant">What opened it.</param>
/// <param name="Partition">Where.</param>
/// <param name="SealedToMs">What was sealed when the selection began.</param>
/// <param name="InMemory">In no order.</param>
/// <param name="InBlocks">In no order.</param>
internal sealed record VisibleData(TenantGrant Grant, Partition Partition, long SealedToMs, List<VisibleSeries> InMemory, List<BlockSeries> InBlocks)
{
    /// <summary>Each series once.</summary>
    public List<SelectedSeries> Series(TimeRange range)
    {
        var series = new List<SelectedSeries>(Math.Max(InMemory.Count, InBlocks.Count));
        if (InBlocks.Count == 0)
        {
            foreach (VisibleSeries one in InMemory)
                series.Add(new SelectedSeries(Partition, one, null, range, SealedToMs));
            return series;
        }
        if (Partition.Blocks is not { } blocks)
            throw new DataRemovedException("The tenant's data was deleted.");
        var byFingerprint = new Dictionary<UInt128, BlockSeries>(InBlocks.Count);
        foreach (BlockSeries one in InBlocks)
            byFingerprint.Add(one.Fingerprint, one);
        foreach (VisibleSeries one in InMemory)
        {
            // 128 bits under a secret seed: that two label sets agree in them is not to be expected in the life of the universe.
            byFingerprint.Remove(blocks.FingerprintOf(one.Series.Labels), out BlockSeries? inBlocks);
            series.Add(new SelectedSeries(Partition, one, inBlocks, range, SealedToMs));
        }
        foreach (BlockSeries one in byFingerprint.Values)
            series.Add(new SelectedSeries(Partition, null, one, range, SealedToMs));
        return series;
    }

    /// <summary>Every label of every series, in no order; one may come several times.</summary>
    public IEnumerable<Label> Labels()
    {
        foreach (Index.LabelPair pair in Partition.LabelsOf(InMemory))
            yield return new Label(pair.Label.Name, pair.Value);
        foreach (BlockSeries series in InBlocks)
        {
            foreach (Label label in series.Labels)
                yield return label;
        }
    }
}
