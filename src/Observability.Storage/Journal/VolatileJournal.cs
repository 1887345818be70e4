namespace Observability.Storage;

/// <summary>Keeps nothing: what the store holds ends with the process, acknowledged or not.</summary>
public sealed class VolatileJournal : IJournal
{
    public ValueTask WriteAsync(IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : ValueTask.CompletedTask;
}
