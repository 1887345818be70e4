using Observability.Simulator.Workloads;

namespace Observability.Simulator.Cluster;

/// <summary>A pod's quality of service class, by the kubelet's rule, and the limits of its cgroup.</summary>
internal sealed record PodResources(string QosClass, long CpuRequest, long CpuLimit, long MemoryRequest, long MemoryLimit)
{
    /// <summary>Limits are 0 unless every container has one; overhead counts on top, as the kubelet adds it.</summary>
    public static PodResources Of(PodSpec spec)
    {
        ContainerSpec[] lasting = [.. spec.Sidecars, .. spec.Containers];
        ContainerSpec[] all = [.. spec.InitContainers, .. lasting];

        bool guaranteed = all.All(c => c.CpuLimitMillicores > 0 && c.MemoryLimitBytes > 0
            && c.CpuRequestMillicores == c.CpuLimitMillicores && c.MemoryRequestBytes == c.MemoryLimitBytes);
        bool bestEffort = all.All(c => c.CpuRequestMillicores + c.CpuLimitMillicores + c.MemoryRequestBytes + c.MemoryLimitBytes == 0);
        bool cpuLimited = all.All(c => c.CpuLimitMillicores > 0);
        bool memoryLimited = all.All(c => c.MemoryLimitBytes > 0);

        return new PodResources(
            guaranteed ? "Guaranteed" : bestEffort ? "BestEffort" : "Burstable",
            lasting.Sum(c => (long)c.CpuRequestMillicores) + spec.OverheadCpuMillicores,
            cpuLimited ? lasting.Sum(c => (long)c.CpuLimitMillicores) + spec.OverheadCpuMillicores : 0,
            lasting.Sum(c => c.MemoryRequestBytes) + spec.OverheadMemoryBytes,
            memoryLimited ? lasting.Sum(c => c.MemoryLimitBytes) + spec.OverheadMemoryBytes : 0);
    }
}
