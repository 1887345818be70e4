namespace Observability.Storage;

/// <summary>Where a batch is made durable before it is visible or acknowledged.</summary>
public interface IJournal
{
    /// <summary>
    /// Returns when the whole batch is kept to the journal's promise; the store shows the samples after that and not before. When it
    /// throws, nothing of the batch becomes visible. Called by several writers at once.
    /// </summary>
    /// <param name="batch">One record per partition, none empty; good until the returned task ends.</param>
    /// <param name="cancellationToken">Ends the wait; what was already written may stay.</param>
    ValueTask WriteAsync(IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken);
}
