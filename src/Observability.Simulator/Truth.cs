using Observability.Simulator.Cluster;

namespace Observability.Simulator;

/// <summary>
/// What pods and containers really used: the functions of time that the kubelets' pages are samples of. Answers at any time,
/// for pods that are gone too (the latest 4096 of them, the latest 64 runs of each). A pod is named by either of its UIDs;
/// of a container without a pod of that UID, or before it started, the answer is 0.
/// </summary>
public sealed class Truth
{
    private readonly ClusterState state;

    internal Truth(ClusterState state) => this.state = state;

    /// <summary>Cumulative CPU of the container's run at that time, or of the whole pod cgroup where no container is named.</summary>
    public double CpuSeconds(string podUid, string? container, DateTimeOffset at) => CpuNanoseconds(podUid, container, at) / 1e9;

    /// <inheritdoc cref="CpuSeconds"/>
    public long CpuNanoseconds(string podUid, string? container, DateTimeOffset at) => UseAt(podUid, container, at).CpuNanoseconds;

    /// <summary>Average cores between two times; a pod's, or a container's over one run.</summary>
    public double CpuCores(string podUid, string? container, DateTimeOffset from, DateTimeOffset to) =>
        (CpuSeconds(podUid, container, to) - CpuSeconds(podUid, container, from)) / (to - from).TotalSeconds;

    public long WorkingSetBytes(string podUid, string? container, DateTimeOffset at) => UseAt(podUid, container, at).WorkingSetBytes;

    /// <summary>Working set and inactive page cache.</summary>
    public long MemoryUsageBytes(string podUid, string? container, DateTimeOffset at) => UseAt(podUid, container, at).MemoryUsageBytes;

    /// <summary>Cumulative bytes of the pod's own interface: 0 for a host-network pod, whatever its pause row says.</summary>
    public (long Receive, long Transmit) NetworkBytes(string podUid, DateTimeOffset at) => state.Enter(cluster =>
    {
        NetworkUse use = cluster.FindPod(podUid)?.NetworkAt(at) ?? default;
        return (use.ReceiveBytes, use.TransmitBytes);
    });

    /// <summary>Cumulative CPU of one run, by its 64-digit id.</summary>
    public double ContainerCpuSeconds(string podUid, string containerId, DateTimeOffset at) => state.Enter(cluster =>
        cluster.FindPod(podUid)?.Runs.FirstOrDefault(run => run.Id == containerId)?.UseAt(at).CpuNanoseconds / 1e9) ?? 0;

    private ResourceUse UseAt(string podUid, string? container, DateTimeOffset at) => state.Enter(cluster =>
    {
        if (cluster.FindPod(podUid) is not { } pod)
            return default;
        if (container is null)
            return pod.UseAt(at);
        return pod.Runs.LastOrDefault(run => run.Spec.Name == container && run.Started <= at)?.UseAt(at) ?? default;
    });
}
