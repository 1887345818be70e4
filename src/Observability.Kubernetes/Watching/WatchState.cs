namespace Observability.Kubernetes.Watching;

/// <summary>How one watch is doing: written by its loop, read by anyone.</summary>
internal sealed class WatchState(string resource, TimeProvider time)
{
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _startedAt = time.GetTimestamp();
    private long _heardAt;
    private long _lists;
    private int _connected;
    private ulong _version;

    public string Resource => resource;

    /// <summary>Done when the first list has been handed over.</summary>
    public Task Synced => _synced.Task;

    public WatchStatus Status => new(
        resource,
        _synced.Task.IsCompleted,
        Volatile.Read(ref _connected) != 0,
        Lag,
        Volatile.Read(ref _version),
        Volatile.Read(ref _lists));

    /// <summary>Time since the API server last said anything that counts: a list, an opened watch, an event, a bookmark.</summary>
    public TimeSpan Lag
    {
        get
        {
            long heardAt = Volatile.Read(ref _heardAt);
            return time.GetElapsedTime(heardAt == 0 ? _startedAt : heardAt);
        }
    }

    public void Listed(ulong version)
    {
        Interlocked.Increment(ref _lists);
        Heard(version);
        _synced.TrySetResult();
    }

    public void Opened()
    {
        Volatile.Write(ref _connected, 1);
        Volatile.Write(ref _heardAt, time.GetTimestamp());
    }

    public void Heard(ulong version)
    {
        Volatile.Write(ref _version, version);
        Volatile.Write(ref _heardAt, time.GetTimestamp());
    }

    public void Closed() => Volatile.Write(ref _connected, 0);
}
