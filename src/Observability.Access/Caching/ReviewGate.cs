namespace Observability.Access;

/// <summary>Lets a bounded number of reviews to the API server run, a bounded number wait, and turns the rest away at once.</summary>
internal sealed class ReviewGate(int maxRunning, int maxWaiting) : IDisposable
{
    private readonly SemaphoreSlim _running = new(maxRunning, maxRunning);
    private int _inside;

    /// <returns>False when too many wait already.</returns>
    public async ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > maxRunning + maxWaiting)
        {
            Interlocked.Decrement(ref _inside);
            return false;
        }

        try
        {
            await _running.WaitAsync(cancellationToken);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _inside);
            throw;
        }
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _inside);
        _running.Release();
    }

    public void Dispose() => _running.Dispose();
}
