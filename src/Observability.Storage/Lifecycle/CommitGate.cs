namespace Observability.Storage.Lifecycle;

/// <summary>Lets a deletion wait for the commits that began before it, without holding up those that begin after.</summary>
internal sealed class CommitGate
{
    private readonly int[] _underWay = new int[2]; // by the parity of the epoch in which they began
    private int _epoch;
    private volatile Waiter? _waiter;

    /// <returns>To be given to <see cref="Exit"/>.</returns>
    public int Enter()
    {
        while (true)
        {
            int parity = Volatile.Read(ref _epoch) & 1;
            Interlocked.Increment(ref _underWay[parity]);
            if ((Volatile.Read(ref _epoch) & 1) == parity)
                return parity;
            Exit(parity); // the epoch changed in between: whoever waits may not have seen this one
        }
    }

    public void Exit(int parity)
    {
        if (Interlocked.Decrement(ref _underWay[parity]) == 0 && _waiter is { } waiter && waiter.Parity == parity)
            waiter.Done.TrySetResult();
    }

    /// <summary>Completes when every commit that is under way now has ended. One caller at a time.</summary>
    public Task WaitForEarlierAsync()
    {
        int parity = (Interlocked.Increment(ref _epoch) - 1) & 1;
        var waiter = new Waiter(parity, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiter = waiter;
        if (Volatile.Read(ref _underWay[parity]) == 0)
            waiter.Done.TrySetResult();
        return waiter.Done.Task;
    }

    private sealed record Waiter(int Parity, TaskCompletionSource Done);
}
