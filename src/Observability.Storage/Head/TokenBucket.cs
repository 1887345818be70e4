namespace Observability.Storage.Head;

/// <summary>A rate that may be used up at once and then fills again. Guarded by the partition's lock.</summary>
/// <param name="capacity">Most that can be taken at once.</param>
/// <param name="period">In which that much comes back.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(long capacity, TimeSpan period, TimeProvider time)
{
    private double _left = capacity;
    private long _filled = time.GetTimestamp();

    /// <returns>How many of those wanted there are; they are taken.</returns>
    public int Take(int wanted)
    {
        long now = time.GetTimestamp();
        _left = Math.Min(capacity, _left + (capacity * (time.GetElapsedTime(_filled, now) / period)));
        _filled = now;
        int taken = (int)Math.Min(wanted, Math.Floor(_left));
        _left -= taken;
        return taken;
    }
}
