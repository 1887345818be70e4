using Observability.Model;

namespace Observability.Storage.Blocks;

/// <summary>A series as one selection found it in the blocks of a partition.</summary>
internal sealed class BlockSeries
{
    /// <summary>Equal for equal labels in the partition; see <see cref="PartitionBlocks.FingerprintOf"/>.</summary>
    public UInt128 Fingerprint => throw new NotImplementedException();

    /// <summary>Decoded when first asked for. Safe on any thread.</summary>
    public LabelSet Labels => throw new NotImplementedException();

    /// <summary>Times of the oldest and the newest sample in the blocks that were selected, cut to what the selection may show.</summary>
    public TimeRange Range => throw new NotImplementedException();

    /// <summary>
    /// Adds the samples in a range, cut to what the selection may show: oldest first, each time once, stale markers included. Safe on
    /// any thread beside other series' reads.
    /// </summary>
    /// <exception cref="DataRemovedException">A block that the series needs was removed since.</exception>
    /// <exception cref="CorruptDataException">A block that the series needs is damaged; it is in quarantine now.</exception>
    public void Read(TimeRange range, SampleColumns into) => throw new NotImplementedException();
}
