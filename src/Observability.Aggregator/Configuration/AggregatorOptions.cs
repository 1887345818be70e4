namespace Observability.Aggregator;

/// <summary>Everything that can be set. <c>--help</c> prints each key with its default, its unit and what it does.</summary>
public sealed class AggregatorOptions
{
    /// <summary>Value of the label <c>cluster</c>. Collectors that name another cluster are refused.</summary>
    public string Cluster { get; set; } = "default";

    /// <summary>Longest wait for open requests and streams at shutdown.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public ListenOptions Listen { get; set; } = new();

    public TlsOptions Tls { get; set; } = new();

    public KubernetesOptions Kubernetes { get; set; } = new();

    public TenancyOptions Tenancy { get; set; } = new();

    public AccessOptions Access { get; set; } = new();

    public StoreSettings Store { get; set; } = new();

    public IngestOptions Ingest { get; set; } = new();

    public QuerySettings Query { get; set; } = new();

    public ResourceSeriesOptions ResourceSeries { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();
}
