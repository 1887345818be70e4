using Observability.Model;
using Observability.Tenancy;

namespace Observability.Aggregator.ResourceSeries;

/// <summary>What the watched objects say at one moment, as samples under the names of kube-state-metrics.</summary>
internal static class ResourceSamples
{
    /// <summary>
    /// Requests and limits of a pod's containers that run together: main ones and sidecars. Init containers run before them and one after
    /// the other, so adding theirs would count what is never used at once. Nothing of pods that are not scheduled or have finished.
    /// </summary>
    public static IEnumerable<(LabelSet Labels, double Value)> Of(PodObject pod, string tenant, string cluster)
    {
        if (pod.Node.Length == 0 || pod.Phase is PodPhase.Succeeded or PodPhase.Failed)
            yield break;
        foreach (ContainerResources container in pod.Containers.Where(container => container.Kind != ContainerKind.Init))
        {
            foreach ((string suffix, long? cpu, long? memory, long? storage) in new[]
            {
                ("requests", container.CpuRequestMillicores, container.MemoryRequestBytes, container.EphemeralStorageRequestBytes),
                ("limits", container.CpuLimitMillicores, container.MemoryLimitBytes, container.EphemeralStorageLimitBytes),
            })
            {
                foreach ((string resource, string unit, double value) in Resources(cpu, memory, storage, pods: null))
                    yield return (Pod("kube_pod_container_resource_" + suffix, container.Name, resource, unit), value);
            }
        }
        if (pod.Overhead is { } overhead)
        {
            foreach ((string resource, string unit, double value) in
                Resources(overhead.CpuMillicores, overhead.MemoryBytes, overhead.EphemeralStorageBytes, pods: null))
                yield return (Pod("kube_pod_overhead", "", resource, unit), value);
        }

        LabelSet Pod(string name, string container, string resource, string unit) => LabelSet.Of(
            (LabelNames.MetricName, name), (LabelNames.Job, Job), (LabelNames.Cluster, cluster), (LabelNames.Tenant, tenant),
            (LabelNames.Namespace, pod.Namespace), (LabelNames.Pod, pod.Name), (LabelNames.Container, container),
            (LabelNames.Node, pod.Node), ("resource", resource), ("unit", unit));
    }

    /// <summary>A node's capacity, and what of it pods may have.</summary>
    public static IEnumerable<(LabelSet Labels, double Value)> Of(NodeObject node, string cluster)
    {
        foreach ((string name, NodeResources of) in new[] { ("kube_node_status_capacity", node.Capacity), ("kube_node_status_allocatable", node.Allocatable) })
        {
            foreach ((string resource, string unit, double value) in Resources(of.CpuMillicores, of.MemoryBytes, of.EphemeralStorageBytes, of.Pods))
            {
                yield return (LabelSet.Of(
                    (LabelNames.MetricName, name), (LabelNames.Job, Job), (LabelNames.Cluster, cluster),
                    (LabelNames.Tenant, TenantUid.System.ToString()), (LabelNames.Node, node.Name), ("resource", resource), ("unit", unit)), value);
            }
        }
    }

    private const string Job = "observability";

    private static IEnumerable<(string Resource, string Unit, double Value)> Resources(long? cpuMillicores, long? memory, long? storage, long? pods)
    {
        if (cpuMillicores is { } cpu)
            yield return ("cpu", "core", cpu / 1000.0);
        if (memory is { } bytes)
            yield return ("memory", "byte", bytes);
        if (storage is { } stored)
            yield return ("ephemeral_storage", "byte", stored);
        if (pods is { } count)
            yield return ("pods", "integer", count);
    }
}
