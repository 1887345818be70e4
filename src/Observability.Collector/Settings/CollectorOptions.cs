using Microsoft.Extensions.Logging;

namespace Observability.Collector.Settings;

/// <summary>All settings of a collector.</summary>
public sealed class CollectorOptions
{
    /// <summary>The nodes to collect from: one under a DaemonSet, several for a small cluster without.</summary>
    public IList<NodeTarget> Nodes { get; } = [];

    /// <summary>Name of the cluster, as it stands in the label <c>cluster</c>.</summary>
    public string Cluster { get; set; } = "default";

    /// <summary>PEM file of the CAs that sign kubelets' serving certificates; null: the machine's trust store.</summary>
    public string? KubeletCaFile { get; set; }

    /// <summary>File with the bearer token for the kubelet, read again when it changes; null: none is sent.</summary>
    public string? KubeletTokenFile { get; set; }

    /// <summary>Takes any kubelet certificate. For trials only.</summary>
    public bool KubeletInsecureTls { get; set; }

    /// <summary>Asks the kubelet to compress: fewer bytes, more of the kubelet's CPU. Default true.</summary>
    public bool KubeletGzip { get; set; } = true;

    /// <summary>Address of the aggregator's ingest listener.</summary>
    public Uri? Aggregator { get; set; }

    /// <summary>PEM file of the CAs that sign the aggregator's certificate; null: the machine's trust store.</summary>
    public string? AggregatorCaFile { get; set; }

    /// <summary>File with the token for the aggregator (audience <c>observability-ingest</c>), read anew for each connection.</summary>
    public string? IngestTokenFile { get; set; }

    /// <summary>Allows <c>http://</c> to an aggregator that is not on loopback. For trials only: the token travels in the clear.</summary>
    public bool AggregatorInsecureHttp { get; set; }

    /// <summary>Time between two scrapes, 1 s to 1 h. Default 15 s.</summary>
    public TimeSpan ScrapeInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for one whole answer; shorter than <see cref="ScrapeInterval"/>. Default 10 s.</summary>
    public TimeSpan ScrapeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two readings of <c>/stats/summary</c>, at least the scrape interval; zero: never. Default 60 s.</summary>
    public TimeSpan SummaryInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Also keeps the pod and container rows of <c>/metrics/resource</c>, not the node's alone.</summary>
    public bool ResourcePods { get; set; }

    /// <summary>Families kept beside the defaults, each <c>name:counter</c> or <c>name:gauge</c>.</summary>
    public IList<string> FamiliesAdd { get; } = [];

    /// <summary>Families of the defaults that are not kept, by name.</summary>
    public IList<string> FamiliesRemove { get; } = [];

    /// <summary>Most uncompressed bytes of one answer. Default 64 MiB.</summary>
    public int MaxPageBytes { get; set; } = 64 << 20;

    /// <summary>Most bytes of batches that wait for an acknowledgement, per node. Default 8 MiB.</summary>
    public long BufferBytes { get; set; } = 8 << 20;

    /// <summary>Longest time a batch waits for an acknowledgement. Default 30 min.</summary>
    public TimeSpan BufferAge { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Where <c>/metrics</c> and <c>/healthz</c> are served, such as <c>0.0.0.0:9465</c>; port 0 takes any; empty, the default of a collector within another process: nowhere.</summary>
    public string Listen { get; set; } = "";

    /// <summary>How long a stopping collector tries to hand over its last batches. Default 5 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public LogLevel LogLevel { get; set; } = LogLevel.Information;
}
