using Observability.Model;

namespace Observability.Storage.Blocks;

/// <summary>
/// Writes one block of a partition: made by <see cref="PartitionBlocks.BeginBlock"/>, live once <see cref="Finish"/> returned. Disposed
/// before that, it leaves nothing behind. For one thread. Neighbours in label order lie side by side on disk; so do times columns in the
/// order of <see cref="AddTimes"/>, which is best called just before the first series that uses the column.
/// </summary>
internal sealed class BlockWriter : IDisposable
{
    /// <summary>Adds a column of times that series share: strictly rising, inside the block's range, not empty. Copied.</summary>
    /// <returns>Its id, for <see cref="AddRun"/>.</returns>
    public int AddTimes(ReadOnlySpan<long> timesMs) => throw new NotImplementedException();

    /// <summary>Starts the next series; the one before is complete. A series that gets no run is left out.</summary>
    /// <exception cref="ArgumentException">The labels do not come behind those of the series before (<see cref="LabelSet.CompareTo"/>).</exception>
    public void BeginSeries(LabelSet labels) => throw new NotImplementedException();

    /// <summary>
    /// Adds samples of the series: values for rows <paramref name="firstRow"/> and following of a times column. Runs of a series come in
    /// time order and do not overlap; a row that the series misses ends its run.
    /// </summary>
    public void AddRun(int timesId, int firstRow, ReadOnlySpan<long> valueBits) => throw new NotImplementedException();

    /// <summary>Makes the block durable and live; null when no series had a sample, and then nothing is written.</summary>
    public BlockInfo? Finish() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
