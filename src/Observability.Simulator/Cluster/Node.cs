namespace Observability.Simulator.Cluster;

/// <summary>A node: what its pods use, what ran there before, and the system's own share. The cluster's lock guards it.</summary>
internal sealed class Node
{
    private static readonly IReadOnlyList<string> QosSlices = ["/kubepods", "/kubepods/burstable", "/kubepods/besteffort"];

    private readonly Dictionary<string, ResourceUse> retired = [];
    private readonly Wave systemNetwork;
    private readonly Wave bridgeNetwork;
    private NetworkUse retiredNetwork;

    public Node(ulong seed, string name, int index, DateTimeOffset booted)
    {
        Name = name;
        Index = index;
        Uid = Derivation.Uuid(seed, "node", name);
        Booted = booted;
        BootId = Derivation.Uuid(seed, "boot", name);
        MachineId = Derivation.Hex(seed, "machine", name, 32);
        Kubelet = new ContainerRun("", new Workloads.ContainerSpec { Name = "kubelet" }, SystemUse(seed, name, "kubelet", 0.035, 60 << 20), booted);
        Runtime = new ContainerRun("", new Workloads.ContainerSpec { Name = "runtime" }, SystemUse(seed, name, "containerd", 0.03, 220 << 20), booted);
        Rest = new ContainerRun("", new Workloads.ContainerSpec { Name = "misc" }, SystemUse(seed, name, "misc", 0.05, 900L << 20), booted);
        systemNetwork = Wave.Derive(seed, "node network", name, 90_000);
        Sampler = new NodeSampler(seed, this);
        bridgeNetwork = Wave.Derive(seed, "bridge network", name, 4_000);
    }

    public string Name { get; }

    public int Index { get; }

    public string Uid { get; }

    public DateTimeOffset Booted { get; }

    public string BootId { get; }

    public string MachineId { get; }

    public string Address => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"10.231.{Index}.1");

    /// <summary>Where the kubelet listens on 127.0.0.1; 0 until it does.</summary>
    public int KubeletPort { get; set; }

    public const int Cores = 8;

    public const long MemoryBytes = 34_359_738_368;

    public ContainerRun Kubelet { get; }

    public ContainerRun Runtime { get; }

    public ContainerRun Rest { get; }

    public NodeSampler Sampler { get; }

    /// <summary>Pods that have, or are about to have, cgroups here.</summary>
    public List<Pod> Pods { get; } = [];

    /// <summary>Takes a pod that ended out, and keeps what it used in the totals.</summary>
    public void Retire(Pod pod, DateTimeOffset at)
    {
        if (!Pods.Remove(pod))
            return;

        ResourceUse use = pod.UseAt(at).Counters;
        foreach (string slice in QosSlices.Where(slice => pod.CgroupPath.StartsWith(slice + "/", StringComparison.Ordinal)))
        {
            ResourceUse total = retired.GetValueOrDefault(slice);
            total.Add(use);
            retired[slice] = total;
        }

        retiredNetwork.Add(pod.NetworkAt(at));
    }

    /// <summary>Of <c>/kubepods</c> or one of the slices under it.</summary>
    public ResourceUse SliceAt(string slice, DateTimeOffset at)
    {
        ResourceUse use = retired.GetValueOrDefault(slice);
        foreach (Pod pod in Pods)
        {
            if (pod.CgroupPath.StartsWith(slice, StringComparison.Ordinal) && pod.CgroupPath[slice.Length] == '/')
                use.Add(pod.UseAt(at));
        }

        return use;
    }

    public ResourceUse RootAt(DateTimeOffset at)
    {
        ResourceUse use = SliceAt("/kubepods", at);
        use.Add(Kubelet.UseAt(at));
        use.Add(Runtime.UseAt(at));
        use.Add(Rest.UseAt(at));
        return use;
    }

    /// <summary>The node's interfaces, in the order of their names: the bridge, the card with all traffic, two that are idle.</summary>
    public (string Interface, NetworkUse Use)[] NetworkAt(DateTimeOffset at)
    {
        NetworkUse card = retiredNetwork;
        foreach (Pod pod in Pods)
            card.Add(pod.NetworkAt(at));

        double seconds = (at - Booted).TotalSeconds;
        card.Add(Traffic(systemNetwork.Integral(seconds)));
        return [("cni0", Traffic(bridgeNetwork.Integral(seconds))), ("eth0", card), ("ifb0", default), ("ifb1", default)];
    }

    private static NetworkUse Traffic(double received) => new()
    {
        ReceiveBytes = (long)received,
        ReceivePackets = (long)(received / 700),
        TransmitBytes = (long)(received / 3),
        TransmitPackets = (long)(received / 1100),
    };

    private static UsageModel SystemUse(ulong seed, string node, string name, double cores, long memory) =>
        new(seed, $"{node}/{name}", new Workloads.ContainerSpec { Name = name, CpuCores = cores, MemoryBytes = memory });
}
