using System.Globalization;
using Observability.Simulator.Workloads;

namespace Observability.Simulator.Cluster;

/// <summary>A pod as the cluster knows it. Not thread-safe: the cluster's lock guards it.</summary>
internal sealed class Pod
{
    private const int KeptRuns = 64;

    private readonly ulong seed;
    private readonly Wave network;
    private readonly List<ContainerRun> runs = [];
    private ResourceUse forgotten;

    public Pod(ulong seed, PodSpec spec, NamespaceRecord ns, int incarnation, Node node, DateTimeOffset created)
    {
        this.seed = seed;
        Spec = spec;
        Namespace = ns;
        Node = node;
        Created = created;
        Key = string.Create(CultureInfo.InvariantCulture, $"{spec.Namespace}/{spec.Name}/{incarnation}");
        Uid = Derivation.Uuid(seed, "pod", Key);
        CgroupUid = spec.IsStatic ? Derivation.Hex(seed, "config hash", Key, 32) : Uid;
        Resources = PodResources.Of(spec);
        network = Wave.Derive(seed, "network", Key, spec.NetworkBytesPerSecond ?? Derivation.Between(seed, "network", Key, 200, 50_000));
        Slots =
        [
            .. spec.InitContainers.Select(container => new ContainerSlot(container, SlotKind.Init)),
            .. spec.Sidecars.Select(container => new ContainerSlot(container, SlotKind.Sidecar)),
            .. spec.Containers.Select(container => new ContainerSlot(container, SlotKind.Main)),
        ];
        string parent = Resources.QosClass switch
        {
            "Guaranteed" => "/kubepods",
            "BestEffort" => "/kubepods/besteffort",
            _ => "/kubepods/burstable",
        };
        CgroupPath = $"{parent}/pod{CgroupUid}";
    }

    public PodSpec Spec { get; }

    /// <summary>The namespace with its UID of that time.</summary>
    public NamespaceRecord Namespace { get; }

    public Node Node { get; }

    /// <summary>Namespace, name and how often the name was used before: what everything random about the pod is derived from.</summary>
    public string Key { get; }

    /// <summary>In the API. A static pod's is its mirror's.</summary>
    public string Uid { get; }

    /// <summary>In cgroup paths, /pods and /stats/summary. A static pod's is its config hash: 32 digits without dashes.</summary>
    public string CgroupUid { get; }

    public string CgroupPath { get; }

    public PodResources Resources { get; }

    public DateTimeOffset Created { get; }

    public bool Scheduled { get; set; }

    public DateTimeOffset? SandboxStarted { get; set; }

    public ContainerRun? Pause { get; set; }

    /// <summary>Of the pod cgroup; made when it is first sampled.</summary>
    public CgroupRow? Row { get; set; }

    /// <summary>When the last of its cgroups went.</summary>
    public DateTimeOffset? Ended { get; set; }

    public DateTimeOffset? DeletionRequested { get; set; }

    public int DeletionGraceSeconds { get; set; } = 30;

    public bool Gone { get; set; }

    public string Phase { get; set; } = "Pending";

    public IReadOnlyList<ContainerSlot> Slots { get; }

    /// <summary>Runs that still can have rows, newest last.</summary>
    public IReadOnlyList<ContainerRun> Runs => runs;

    public string Ip { get; set; } = "";

    public void AddRun(ContainerRun run)
    {
        runs.Add(run);
        if (runs.Count > KeptRuns && runs[0].Ended is { } ended)
        {
            forgotten.Add(runs[0].UseAt(ended).Counters);
            runs.RemoveAt(0);
        }
    }

    /// <summary>Of the pod's cgroup: all containers that ever ran in it, and the pause container.</summary>
    public ResourceUse UseAt(DateTimeOffset at)
    {
        ResourceUse use = forgotten;
        foreach (ContainerRun run in runs)
            use.Add(run.UseAt(at));
        if (Pause is not null)
            use.Add(Pause.UseAt(at));
        return Ended is { } ended && at > ended ? use.Counters : use;
    }

    /// <summary>Of the pod's own interface; a host-network pod has none.</summary>
    public NetworkUse NetworkAt(DateTimeOffset at)
    {
        if (Spec.HostNetwork || SandboxStarted is not { } started || at < started)
            return default;

        DateTimeOffset until = Ended is { } ended && at > ended ? ended : at;
        double received = network.Integral((until - started).TotalSeconds);
        return new NetworkUse
        {
            ReceiveBytes = (long)received,
            ReceivePackets = (long)(received / 640),
            TransmitBytes = (long)(received / 2),
            TransmitPackets = (long)(received / 900),
        };
    }

    /// <summary>The projected volume with the account's token, as every pod but a static one has.</summary>
    public string TokenVolume => $"kube-api-access-{Derivation.Suffix(seed, "token volume", Key, 5)}";

    public string ContainerId(string container, int run) =>
        Derivation.Hex(seed, "container", string.Create(CultureInfo.InvariantCulture, $"{Key}/{container}/{run}"), 64);

    public TimeSpan Derive(string purpose, double fromSeconds, double toSeconds) =>
        TimeSpan.FromMilliseconds(Math.Round(1000 * Derivation.Between(seed, purpose, Key, fromSeconds, toSeconds)));
}
