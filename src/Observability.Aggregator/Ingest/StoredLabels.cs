using Observability.Model;
using Observability.Protocol.V1;
using Observability.Tenancy;

namespace Observability.Aggregator.Ingest;

/// <summary>Builds the label set under which a collected series is stored: the row's own labels, and ours, which none of those can be.</summary>
internal sealed class StoredLabels(string cluster, string node)
{
    private const string KubeletJob = "kubelet";

    public LabelSet Build(SeriesDefinition series, PodOwnership? ownership, SymbolTable symbols, string tenant)
    {
        var labels = new List<Label>(series.Labels.Count / 2 + 10)
        {
            new(LabelNames.MetricName, symbols[series.Name]),
            new(LabelNames.Job, KubeletJob),
            new(LabelNames.MetricsPath, series.MetricsPath),
            new(LabelNames.Node, node),
            new(LabelNames.Instance, node),
            new(LabelNames.Cluster, cluster),
            new(LabelNames.Tenant, tenant),
        };
        if (ownership is { Pod.Pod: var pod })
        {
            labels.Add(new(LabelNames.Namespace, pod.Namespace));
            labels.Add(new(LabelNames.Pod, pod.Name));
            labels.Add(new(LabelNames.Container, series.Container));
        }
        for (int i = 0; i < series.Labels.Count; i += 2)
            labels.Add(new(symbols[series.Labels[i]], symbols[series.Labels[i + 1]]));
        return LabelSet.From(labels);
    }

    /// <summary>What the label <c>tenant</c> shows: the display name; of the operator's partitions their own.</summary>
    public static string TenantLabel(TenantUid tenant, DirectorySnapshot directory) =>
        !tenant.IsOperatorPartition && directory.TryGetTenant(tenant, out Tenant? known) ? known.Name.ToString() : tenant.ToString();
}
