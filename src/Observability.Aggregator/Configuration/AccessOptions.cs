namespace Observability.Aggregator;

/// <summary>Authentication and its load on the API server.</summary>
public sealed class AccessOptions
{
    /// <summary>Audience that a token for queries must have.</summary>
    public string QueryAudience { get; set; } = "observability";

    /// <summary>Audience that a collector's token must have. Another than for queries: a tenant's token must never be a collector's.</summary>
    public string IngestAudience { get; set; } = "observability-ingest";

    /// <summary>Authentications under way at once, counted apart for queries and for ingest; more are answered "unavailable".</summary>
    public int MaxPending { get; set; } = 256;
}
