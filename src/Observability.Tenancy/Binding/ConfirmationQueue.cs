using System.Threading.Channels;

namespace Observability.Tenancy;

/// <summary>Names whose namespaces pods wait for: each asked once at a time, few at once, a bounded number waiting.</summary>
internal sealed class ConfirmationQueue : IDisposable
{
    private const int MaxWaiting = 1_024;
    private readonly Channel<string> _names = Channel.CreateBounded<string>(MaxWaiting);
    private readonly HashSet<string> _queued = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();

    /// <param name="workers">Questions under way at most.</param>
    /// <param name="ask">Asks about one name and takes the answer; must not throw but on cancellation.</param>
    public ConfirmationQueue(int workers, Func<string, CancellationToken, Task> ask)
    {
        CancellationToken stop = _stop.Token;
        Completion = Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(ask, stop), stop)));
    }

    /// <summary>Ends when the workers have.</summary>
    public Task Completion { get; }

    /// <summary>Asks soon; a full queue lets the name go, the next sweep brings it again.</summary>
    public void Ask(string name)
    {
        lock (_lock)
        {
            if (_queued.Add(name) && !_names.Writer.TryWrite(name))
                _queued.Remove(name);
        }
    }

    public void Dispose()
    {
        _names.Writer.TryComplete();
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task WorkAsync(Func<string, CancellationToken, Task> ask, CancellationToken stop)
    {
        try
        {
            await foreach (string name in _names.Reader.ReadAllAsync(stop))
            {
                // Before the question goes out: a pod that comes later needs an answer that is later still.
                lock (_lock)
                    _queued.Remove(name);
                await ask(name, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
