using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Observability.Aggregator.Configuration;

/// <summary>Every key there is. The command line, the environment, JSON and <c>--help</c> know no other.</summary>
internal static class SettingsTable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static ImmutableArray<Setting> All { get; } =
    [
        Setting.Text("Cluster", "name", "Value of the label 'cluster'. Collectors that name another cluster are refused.",
            o => o.Cluster, (o, v) => o.Cluster = v),
        Setting.Duration("ShutdownTimeout", "Longest wait for open requests at shutdown.", Second, Hour,
            o => o.ShutdownTimeout, (o, v) => o.ShutdownTimeout = v),

        Setting.Text("Listen:Query", "address:port", "Queries over HTTP. Port 0 takes any free one, here and below.",
            o => o.Listen.Query, (o, v) => o.Listen.Query = v),
        Setting.Text("Listen:Grpc", "address:port", "Queries over gRPC.",
            o => o.Listen.Grpc, (o, v) => o.Listen.Grpc = v),
        Setting.Text("Listen:Admin", "address:port", "/healthz, /readyz and /metrics.",
            o => o.Listen.Admin, (o, v) => o.Listen.Admin = v),
        Setting.Text("Listen:Ingest", "address:port", "Collectors, over gRPC.",
            o => o.Listen.Ingest, (o, v) => o.Listen.Ingest = v),
        Setting.Number("Listen:MaxConnections", "connections", "Connections that each listener takes at once.", 1, 1_000_000,
            o => o.Listen.MaxConnections, (o, v) => o.Listen.MaxConnections = v),

        Setting.Text("Tls:CertificateFile", "PEM file", "Server certificate and chain; read again when it changes. Needed beyond loopback.",
            o => o.Tls.CertificateFile, (o, v) => o.Tls.CertificateFile = v),
        Setting.Text("Tls:KeyFile", "PEM file", "Private key of the certificate.",
            o => o.Tls.KeyFile, (o, v) => o.Tls.KeyFile = v),

        Setting.Text("Kubernetes:Kubeconfig", "file", "Kubeconfig. Without it and without an API server: the pod's service account.",
            o => o.Kubernetes.Kubeconfig, (o, v) => o.Kubernetes.Kubeconfig = v),
        Setting.Text("Kubernetes:ApiServer", "URL", "API server, such as https://10.0.0.1:6443.",
            o => o.Kubernetes.ApiServer, (o, v) => o.Kubernetes.ApiServer = v),
        Setting.Text("Kubernetes:TokenFile", "file", "Bearer token for Kubernetes:ApiServer; read again when it rotates.",
            o => o.Kubernetes.TokenFile, (o, v) => o.Kubernetes.TokenFile = v),
        Setting.Text("Kubernetes:CaFile", "PEM file", "Authority that signed the certificate of Kubernetes:ApiServer.",
            o => o.Kubernetes.CaFile, (o, v) => o.Kubernetes.CaFile = v),

        Setting.Text("Tenancy:DatabaseFile", "file", "Keeps tenant identities and ownership epochs. Empty: in memory, lost at exit.",
            o => o.Tenancy.DatabaseFile, (o, v) => o.Tenancy.DatabaseFile = v),
        Setting.Text("Tenancy:NamespaceLabel", "label", "Label of a Namespace whose value names its tenant. Empty: none.",
            o => o.Tenancy.NamespaceLabel, (o, v) => o.Tenancy.NamespaceLabel = v),
        Setting.Text("Tenancy:StaticFile", "JSON file", "Assigns namespaces to tenants; read again when it changes. Empty: none.",
            o => o.Tenancy.StaticFile, (o, v) => o.Tenancy.StaticFile = v),
        Setting.Text("Tenancy:SystemNamespaces", "names, by comma", "The cluster's own namespaces: the operator's, whatever a label says.",
            o => string.Join(',', o.Tenancy.SystemNamespaces),
            (o, v) => o.Tenancy.SystemNamespaces = [.. v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]),

        Setting.Text("Access:QueryAudience", "audience", "Audience that a token for queries must have.",
            o => o.Access.QueryAudience, (o, v) => o.Access.QueryAudience = v),
        Setting.Text("Access:IngestAudience", "audience", "Audience that a collector's token must have.",
            o => o.Access.IngestAudience, (o, v) => o.Access.IngestAudience = v),

        Setting.Text("Store:Path", "folder", "Keeps all that is stored, for one process at a time. Empty: in memory, lost at exit.",
            o => o.Store.Path, (o, v) => o.Store.Path = v),
        Setting.Flag("Store:SyncEveryBatch", "Acknowledges a batch when it is on the disk itself: nothing is lost when the machine stops.",
            o => o.Store.SyncEveryBatch, (o, v) => o.Store.SyncEveryBatch = v),
        Setting.Duration("Store:SyncInterval", "Otherwise: time between two syncs, which is lost when the machine stops; never with the process.",
            TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), o => o.Store.SyncInterval, (o, v) => o.Store.SyncInterval = v),
        Setting.Size("Store:Reserve", "Free space of the disk below which samples are refused until there is room.", 0,
            o => o.Store.ReserveBytes, (o, v) => o.Store.ReserveBytes = v),
        Setting.Duration("Store:Range", "How far back samples are kept in memory.", TimeSpan.FromMinutes(5), TimeSpan.FromHours(48),
            o => o.Store.Range, (o, v) => o.Store.Range = v),
        Setting.Duration("Store:OutOfOrderWindow", "How far behind the newest sample of its series a sample may come.", TimeSpan.Zero, TimeSpan.FromHours(2),
            o => o.Store.OutOfOrderWindow, (o, v) => o.Store.OutOfOrderWindow = v),
        Setting.Duration("Store:Retention", "How long each tenant's samples are kept on disk; 0s: for ever.", TimeSpan.Zero, TimeSpan.FromDays(36500),
            o => o.Store.Retention, (o, v) => o.Store.Retention = v),
        Setting.Size("Store:RetentionBytes", "Disk that each tenant's samples may take before its oldest go; 0: no limit.", 0,
            o => o.Store.RetentionBytes, (o, v) => o.Store.RetentionBytes = v),
        Setting.Number("Store:MaxSeriesPerTenant", "series", "Active series that one tenant's partition takes.", 1, 100_000_000,
            o => o.Store.MaxSeriesPerTenant, (o, v) => o.Store.MaxSeriesPerTenant = v),
        Setting.Duration("Store:TruncateInterval", "Time between two runs that drop what is too old.", Second, Hour,
            o => o.Store.TruncateInterval, (o, v) => o.Store.TruncateInterval = v),

        Setting.Number("Ingest:MaxMessageBytes", "bytes", "Longest message of a collector.", 64 * 1024, 64 * 1024 * 1024,
            o => o.Ingest.MaxMessageBytes, (o, v) => o.Ingest.MaxMessageBytes = v),
        Setting.Number("Ingest:MaxSeriesPerNode", "series", "Series that one stream may define.", 1, 10_000_000,
            o => o.Ingest.MaxSeriesPerNode, (o, v) => o.Ingest.MaxSeriesPerNode = v),
        Setting.Number("Ingest:MaxSamplesPerBatch", "samples", "Samples of one batch.", 1, 10_000_000,
            o => o.Ingest.MaxSamplesPerBatch, (o, v) => o.Ingest.MaxSamplesPerBatch = v),
        Setting.Number("Ingest:MaxLabels", "labels", "Labels that a collected row may have of its own.", 1, 1000,
            o => o.Ingest.MaxLabels, (o, v) => o.Ingest.MaxLabels = v),
        Setting.Number("Ingest:MaxLabelValueBytes", "bytes", "Longest value of a label.", 1, 64 * 1024,
            o => o.Ingest.MaxLabelValueBytes, (o, v) => o.Ingest.MaxLabelValueBytes = v),
        Setting.Number("Ingest:SamplesPerSecondPerNode", "samples/s", "What a node may send on average; faster streams are read slower.",
            1, 100_000_000, o => o.Ingest.SamplesPerSecondPerNode, (o, v) => o.Ingest.SamplesPerSecondPerNode = v),
        Setting.Duration("Ingest:StaleAfter", "How long a lost collector's series wait for it before they end.", Second, Hour,
            o => o.Ingest.StaleAfter, (o, v) => o.Ingest.StaleAfter = v),
        Setting.Duration("Ingest:RecheckInterval", "Time between two checks of an open stream's right.", Second, TimeSpan.FromMinutes(10),
            o => o.Ingest.RecheckInterval, (o, v) => o.Ingest.RecheckInterval = v),
        Setting.Duration("Ingest:ReviewGrace", "How long a stream goes on while its right cannot be checked.", TimeSpan.Zero, Hour,
            o => o.Ingest.ReviewGrace, (o, v) => o.Ingest.ReviewGrace = v),

        Setting.Duration("Query:Timeout", "Longest evaluation of a PromQL query.", Second, Hour,
            o => o.Query.Timeout, (o, v) => o.Query.Timeout = v),
        Setting.Duration("Query:Lookback", "How old a series' newest sample may be for the series to have a value.", Second, Hour,
            o => o.Query.Lookback, (o, v) => o.Query.Lookback = v),
        Setting.Number("Query:MaxSamples", "samples", "Samples that one query may hold at once.", 1, 1_000_000_000,
            o => o.Query.MaxSamples, (o, v) => o.Query.MaxSamples = v),
        Setting.Number("Query:MaxBytes", "bytes", "Memory for samples and results that one query may hold at once.", 1024 * 1024, int.MaxValue,
            o => o.Query.MaxBytes, (o, v) => o.Query.MaxBytes = v),
        Setting.Number("Query:MaxListed", "entries", "Series, label names or values of one list; more are cut off with a warning.", 1, 10_000_000,
            o => o.Query.MaxListed, (o, v) => o.Query.MaxListed = v),
        Setting.Number("Query:MaxFederated", "series", "Series that one federation gives.", 1, 10_000_000,
            o => o.Query.MaxFederated, (o, v) => o.Query.MaxFederated = v),
        Setting.Duration("Query:SendTimeout", "Longest wait for a reader to take the next piece of an answer.", Second, Hour,
            o => o.Query.SendTimeout, (o, v) => o.Query.SendTimeout = v),
        Setting.Choice("Query:Language", "What queries may be written in: PromQL alone, or with what Prometheus keeps behind flags.",
            new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase) { ["stable"] = false, ["experimental"] = true },
            o => o.Query.Experimental, (o, v) => o.Query.Experimental = v),

        Setting.Duration("ResourceSeries:Interval", "Time between two samples of requests, limits and capacity.", Second, Hour,
            o => o.ResourceSeries.Interval, (o, v) => o.ResourceSeries.Interval = v),

        Setting.Text("Telemetry:OtlpEndpoint", "URL", "OTLP receiver for traces. Empty: OTEL_EXPORTER_OTLP_ENDPOINT, else no traces.",
            o => o.Telemetry.OtlpEndpoint, (o, v) => o.Telemetry.OtlpEndpoint = v),
        Setting.Choice("Telemetry:LogLevel", "Least level that is logged.",
            Enum.GetValues<LogLevel>().ToDictionary(level => level.ToString(), StringComparer.OrdinalIgnoreCase),
            o => o.Telemetry.LogLevel, (o, v) => o.Telemetry.LogLevel = v),
        Setting.Choice("Telemetry:LogFormat", "Plain text or one JSON object a line.",
            new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase) { ["text"] = false, ["json"] = true },
            o => o.Telemetry.JsonLog, (o, v) => o.Telemetry.JsonLog = v),
    ];
}
