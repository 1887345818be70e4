namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>How a source is sampled, and what follows for reading it.</summary>
/// <param name="BoundMs">A sample older than this no longer stands for the present. Above the 42 s that a kubelet was seen to leave between two.</param>
/// <param name="SettleMs">By then every sample has arrived: the interval and the age of up to 30 s that a sample has when it is scraped.</param>
internal sealed record Sampling(long BoundMs, long SettleMs)
{
    /// <summary>Scraped, or written by the aggregator itself, every 15 s.</summary>
    internal static Sampling Scrape { get; } = new(BoundMs: 60_000, SettleMs: 45_000);

    /// <summary>The kubelet's summary, read every 60 s.</summary>
    internal static Sampling Summary { get; } = new(BoundMs: 150_000, SettleMs: 90_000);
}
