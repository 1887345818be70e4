using Observability.Model;

namespace Observability.Benchmarks.Storage;

/// <summary>Series as the kubelet's rows become them: ten labels, pods of two containers.</summary>
internal static class KubeletSeries
{
    public static TenantUid Tenant { get; } = TenantUid.Parse(new string('a', 32));

    public static TenantScope Scope { get; } = new([TenantGrant.Whole(Tenant, Rights.Metrics)]);

    public static LabelSet At(int index)
    {
        int pod = index / 50, family = index % 25, container = index / 25 % 2;
        return LabelSet.Of(
            ("__name__", $"container_family_{family}_total"), ("cluster", "main"), ("container", $"c{container}"), ("instance", $"node-{pod / 30}"),
            ("job", "kubelet"), ("metrics_path", "/metrics/cadvisor"), ("namespace", $"ns-{pod % 20}"), ("node", $"node-{pod / 30}"),
            ("pod", $"web-7d4b9c6f5-{pod:x5}"), ("tenant", "acme"));
    }
}
