namespace Observability.Aggregator;

/// <summary>What tokens are for.</summary>
public sealed class AccessOptions
{
    /// <summary>Audience that a token for queries must have.</summary>
    public string QueryAudience { get; set; } = "observability";

    /// <summary>Audience that a collector's token must have. Another than for queries: a tenant's token must never be a collector's.</summary>
    public string IngestAudience { get; set; } = "observability-ingest";
}
