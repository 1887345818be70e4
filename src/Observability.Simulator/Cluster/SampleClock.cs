namespace Observability.Simulator.Cluster;

/// <summary>
/// When cAdvisor samples a cgroup: first a moment after it appears, then every 10 to 20 s, about 15 on average.
/// A pure function of the seed, the cgroup's id and the sample's number.
/// </summary>
internal sealed class SampleClock
{
    private const long IntervalMs = 15_000;
    private const long JitterMs = 2_500;

    private readonly ulong seed;
    private readonly long firstMs;

    public SampleClock(ulong seed, string cgroupId, DateTimeOffset first)
    {
        this.seed = Derivation.Number(seed, "housekeeping", cgroupId);
        firstMs = first.ToUnixTimeMilliseconds();
    }

    /// <returns>The number of the last sample at or before the time, or -1 before the first.</returns>
    public long LastAt(long timeMs)
    {
        if (timeMs < firstMs)
            return -1;

        long number = ((timeMs - firstMs) / IntervalMs) + 1;
        while (TimeOf(number) > timeMs)
            number--;
        return number;
    }

    /// <returns>Milliseconds since the Unix epoch.</returns>
    public long TimeOf(long number) => number == 0
        ? firstMs
        : firstMs + (number * IntervalMs) + (long)(Derivation.Mix(seed + (ulong)number) % ((2 * JitterMs) + 1)) - JitterMs;
}
