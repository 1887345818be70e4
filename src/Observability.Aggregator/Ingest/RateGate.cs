namespace Observability.Aggregator.Ingest;

/// <summary>
/// Lets one stream read as fast as its rate, with a minute's worth in reserve, so that a collector can hand over what it kept during an
/// outage. Who is faster waits: its own connection fills up, nobody else's.
/// </summary>
internal sealed class RateGate(int perSecond, TimeProvider time)
{
    private readonly double _capacity = perSecond * 60.0;
    private double _available = perSecond * 60.0;
    private long _filled = time.GetTimestamp();

    /// <summary>Takes an amount that has already been worked off, then waits until the account is level again.</summary>
    public Task TakeAsync(int amount, CancellationToken cancellationToken)
    {
        long now = time.GetTimestamp();
        _available = Math.Min(_capacity, _available + time.GetElapsedTime(_filled, now).TotalSeconds * perSecond) - amount;
        _filled = now;
        return _available >= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(-_available / perSecond), time, cancellationToken);
    }
}
