using System.Diagnostics.CodeAnalysis;
using Observability.Storage;

namespace Observability.Aggregator.Ingest;

/// <summary>A stream's place as its node's present one, from <see cref="NodeStreams.Enter"/> to <see cref="Leave"/>.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "See Replace.")]
internal sealed class StreamSeat(NodeStreams nodes, string node, string collectorId, StreamSeat? before)
{
    private readonly CancellationTokenSource _replaced = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Node => node;

    public string CollectorId => collectorId;

    /// <summary>Cancelled when a newer stream has taken the place.</summary>
    public CancellationToken Replaced => _replaced.Token;

    public ulong Acknowledged => nodes.Acknowledged(this);

    /// <summary>Waits for the stream that was here before: two must not write the same series at once, nor acknowledge past each other.</summary>
    public async Task WaitForPredecessorAsync(CancellationToken cancellationToken)
    {
        if (before is not null)
            await before._left.Task.WaitAsync(cancellationToken);
        before = null;
    }

    public void Acknowledge(ulong sequence) => nodes.Acknowledge(this, sequence);

    public void Feeds(SeriesHandle series) => nodes.Feeds(this, series);

    /// <summary>Gives up the place. The series wait for a next stream of the node before they end.</summary>
    public void Leave(IEnumerable<SeriesHandle> series)
    {
        nodes.Leave(this, series);
        // One that gave up before its turn came is gone when those before it are: who comes next waits for them through it.
        if (before is null)
            _left.TrySetResult();
        else
            before._left.Task.ContinueWith(_ => _left.TrySetResult(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    // The source is never disposed: it has no timer, and its cancellation may run on while the stream leaves.
    public void Replace() => _ = _replaced.CancelAsync();
}
