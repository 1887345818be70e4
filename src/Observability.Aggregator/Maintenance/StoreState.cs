using Observability.Storage;

namespace Observability.Aggregator.Maintenance;

/// <summary>Whether the store has all that it had before the process started: until then nothing is answered and nothing is taken.</summary>
internal sealed class StoreState
{
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="journal">Null where everything is in memory.</param>
    public StoreState(Journal? journal)
    {
        Journal = journal;
        if (journal is null)
            Serve();
    }

    public Journal? Journal { get; }

    public bool IsServing => _served.Task.IsCompleted;

    /// <summary>Completes when it serves.</summary>
    public Task Served => _served.Task;

    /// <summary>What is to be waited for, as text; null while serving.</summary>
    public string? NotServing => IsServing ? null : FormattableString.Invariant($"the store is being read, {Journal?.ReplayProgress ?? 0:P0} done");

    /// <summary>Why samples would be refused now; null where they would be taken.</summary>
    public JournalUnavailableException? Refusal => Journal?.Unavailable;

    public void Serve() => _served.TrySetResult();

    public StoreBody Describe() => new(
        Journal is not null, Journal?.ReplayProgress ?? 1, Journal?.Replayed?.LostBytes ?? 0, Refusal?.Message, Journal?.Trouble);
}

/// <summary>The store in the answer of <c>/readyz</c>.</summary>
/// <param name="Durable">False: all is in memory.</param>
/// <param name="Replayed">Share of the journal that has been read since the start, 0 to 1.</param>
/// <param name="LostBytes">Bytes of the journal that could not be read at the start.</param>
/// <param name="Refusing">Why samples are refused now; null where they are taken. Reads go on.</param>
/// <param name="Trouble">What went wrong with the last write or sync and was not mended since.</param>
internal sealed record StoreBody(bool Durable, double Replayed, long LostBytes, string? Refusing, string? Trouble);
