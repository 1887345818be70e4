namespace Observability.Collector.Classification;

/// <summary>Where rows come from.</summary>
internal enum ScrapeEndpoint : byte
{
    /// <summary><c>/metrics/cadvisor</c></summary>
    Cadvisor,

    /// <summary><c>/metrics/resource</c></summary>
    Resource,

    /// <summary><c>/stats/summary</c></summary>
    Summary,

    /// <summary>What the collector itself says of each scrape: <c>up</c> and its like.</summary>
    Self,
}

internal static class ScrapeEndpoints
{
    internal const int Count = 4;

    internal static string Path(this ScrapeEndpoint endpoint) => endpoint switch
    {
        ScrapeEndpoint.Cadvisor => "/metrics/cadvisor",
        ScrapeEndpoint.Resource => "/metrics/resource",
        ScrapeEndpoint.Summary => "/stats/summary",
        _ => "",
    };
}
