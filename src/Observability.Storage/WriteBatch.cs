namespace Observability.Storage;

/// <summary>
/// Samples that are journaled and shown together. Used by one thread at a time; disposing gives it back to the store, so that it must
/// not be used afterwards.
/// </summary>
public sealed class WriteBatch : IDisposable
{
    internal WriteBatch(MetricStore store) => Store = store;

    internal MetricStore Store { get; }

    /// <summary>Adds a sample. Whether it can be stored shows at the commit.</summary>
    public void Add(SeriesHandle series, long timestampMs, double value) => throw new NotImplementedException();

    /// <summary>
    /// Ends a series: a stale marker 1 ms after its newest sample, those of this batch included. Nothing where it has none or has
    /// ended already.
    /// </summary>
    public void AddStale(SeriesHandle series) => throw new NotImplementedException();

    /// <summary>
    /// Writes the batch to the journal, then makes it visible and empties it; after that it may be acknowledged. When the journal
    /// throws, nothing is visible and the batch still holds its samples.
    /// </summary>
    public ValueTask<WriteResult> CommitAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public void Dispose()
    {
    }
}
