using System.Collections.Frozen;

namespace Observability.Model;

/// <summary>Names of labels that mean something to this product.</summary>
public static class LabelNames
{
    public const string MetricName = "__name__";
    public const string Job = "job";
    public const string MetricsPath = "metrics_path";
    public const string Instance = "instance";
    public const string Tenant = "tenant";
    public const string Cluster = "cluster";
    public const string Node = "node";
    public const string Namespace = "namespace";
    public const string Pod = "pod";
    public const string Container = "container";

    /// <summary>What a scraped row's own value of a reserved label is kept under: <c>exported_</c> and the name.</summary>
    public const string ExportedPrefix = "exported_";

    /// <summary>Labels that only the aggregator sets, last. What a scraped row says for them decides nothing.</summary>
    public static FrozenSet<string> Reserved { get; } =
        FrozenSet.Create(StringComparer.Ordinal, Tenant, Cluster, Node, Namespace, Pod, Container);
}
