namespace Observability.Storage.Crash;

/// <summary>A clock that follows what is written: hours pass in seconds. Its timers run in real time.</summary>
internal sealed class WorkClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Never goes back.</summary>
    public void MoveTo(DateTimeOffset time)
    {
        long now = Volatile.Read(ref _ticks);
        while (time.UtcTicks > now && Interlocked.CompareExchange(ref _ticks, time.UtcTicks, now) is var seen && seen != now)
            now = seen;
    }
}
