using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Storage.Blocks;

/// <summary>
/// The blocks of one partition: <c>manifest.json</c> says which are live, <c>blocks/ID/</c> holds them, <c>quarantine/ID</c> those that
/// were found damaged. Safe on any number of threads; one writer or merge at a time is the caller's affair.
/// </summary>
internal sealed class PartitionBlocks : IDisposable
{
    private PartitionBlocks()
    {
    }

    /// <summary>The live blocks, by time. A snapshot: it does not change.</summary>
    public IReadOnlyList<BlockInfo> Live => throw new NotImplementedException();

    /// <summary>
    /// The end of the newest range that was ever published, inclusive; <see cref="long.MinValue"/> before the first block. Retention does
    /// not move it back, so what is not later was sealed once.
    /// </summary>
    public long SealedToMs => throw new NotImplementedException();

    /// <summary>Bytes of all live blocks on disk.</summary>
    public long SizeBytes => throw new NotImplementedException();

    /// <summary>
    /// Opens a partition's folder, made where there is none. A block whose index is damaged is moved to the quarantine, reported, and not
    /// served; what an unfinished writer or merge left behind is removed.
    /// </summary>
    public static PartitionBlocks Open(string directory, TenantUid partition, TimeProvider time, BlockMetrics metrics, ILogger logger) =>
        throw new NotImplementedException();

    /// <summary>The hash under which <see cref="BlockSeries"/> of these labels appear: seeded per partition, by a secret in its folder.</summary>
    public UInt128 FingerprintOf(LabelSet labels) => throw new NotImplementedException();

    /// <summary>Starts a block for the samples of a range.</summary>
    public BlockWriter BeginBlock(TimeRange range) => throw new NotImplementedException();

    /// <summary>
    /// Adds the series that match and have samples in the range, each once however many blocks hold it, in no order. The range's ends are
    /// inclusive. A grant limited to namespaces gives their names, each with the first time that it opens; null stands for the whole partition.
    /// </summary>
    public void Select(
        IReadOnlyDictionary<string, long>? namespaces, IReadOnlyList<Matcher> matchers, TimeRange range, List<BlockSeries> into,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Merges blocks that together fill a larger range (2 h → 6 h → 24 h), one such range a call.</summary>
    /// <returns>False when there is nothing to merge.</returns>
    public bool MergeNext(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes blocks that end before a time, then the oldest until the rest fits in a number of bytes.</summary>
    /// <returns>Blocks removed.</returns>
    public int ApplyRetention(long oldestMs, long maxBytes) => throw new NotImplementedException();

    /// <summary>Closes every block: who still reads ends with <see cref="DataRemovedException"/>. The files stay; the owner removes the folder.</summary>
    public void Dispose() => throw new NotImplementedException();
}
