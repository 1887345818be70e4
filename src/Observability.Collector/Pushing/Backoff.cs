namespace Observability.Collector.Pushing;

/// <summary>Waiting times between connections: up to 1 s at first, doubling to 5 s, each anywhere in its upper half so that a fleet spreads.</summary>
internal sealed class Backoff(Random random)
{
    private const double FirstSeconds = 1;
    private const double MostSeconds = 5;
    private double _seconds = FirstSeconds;

    internal TimeSpan Next()
    {
        double seconds = _seconds * (0.5 + random.NextDouble() / 2);
        _seconds = Math.Min(MostSeconds, _seconds * 2);
        return TimeSpan.FromSeconds(seconds);
    }

    internal void Reset() => _seconds = FirstSeconds;
}
