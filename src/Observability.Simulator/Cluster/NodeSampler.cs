using System.Globalization;
using System.Text;
using Observability.Simulator.Workloads;

namespace Observability.Simulator.Cluster;

/// <summary>cAdvisor on one node: which cgroups have rows at a moment, and each one's latest sample. The cluster's lock guards it.</summary>
internal sealed class NodeSampler
{
    private const long DiskBytes = 270_553_174_016;

    /// <summary>How long a dead container's rows stay beside those of the run that replaced it.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);

    private readonly ulong seed;
    private readonly Node node;
    private readonly CgroupRow root;
    private readonly List<(CgroupRow Row, Func<DateTimeOffset, ResourceUse> Use)> slices = [];

    public NodeSampler(ulong seed, Node node)
    {
        this.seed = seed;
        this.node = node;
        root = Slice(RowKind.Root, "/", 1024, Node.MemoryBytes);
        slices.Add((root, node.RootAt));
        slices.Add((Slice(RowKind.Slice, "/kubepods", 7987, Node.MemoryBytes - (1L << 30)), at => node.SliceAt("/kubepods", at)));
        slices.Add((Slice(RowKind.Slice, "/kubepods/besteffort", 2, 0), at => node.SliceAt("/kubepods/besteffort", at)));
        slices.Add((Slice(RowKind.Slice, "/kubepods/burstable", 4096, 0), at => node.SliceAt("/kubepods/burstable", at)));
        slices.Add((Slice(RowKind.Slice, "/system.slice/containerd.service", 1024, 0), node.Runtime.UseAt));
        slices.Add((Slice(RowKind.Slice, "/system.slice/kubelet.service", 1024, 0), node.Kubelet.UseAt));
    }

    public NodeSnapshot Snapshot(DateTimeOffset now)
    {
        long nowMs = now.ToUnixTimeMilliseconds();
        List<CgroupSample> samples = new((node.Pods.Count * 5) + slices.Count);
        foreach ((CgroupRow row, Func<DateTimeOffset, ResourceUse> use) in slices)
        {
            DateTimeOffset at = Time(row.Clock.TimeOf(row.Clock.LastAt(nowMs)));
            ResourceUse used = WithoutProcesses(use(at), row.Kind);
            samples.Add(new CgroupSample
            {
                Row = row,
                TimestampMs = at.ToUnixTimeMilliseconds(),
                Use = used,
                Network = row == root ? node.NetworkAt(at) : null,
            });
        }

        foreach (Pod pod in node.Pods)
        {
            if (pod.SandboxStarted is null)
                continue;

            if (Latest(PodRow(pod), nowMs, null) is { } podMs)
            {
                samples.Add(new CgroupSample
                {
                    Row = PodRow(pod),
                    TimestampMs = podMs,
                    Use = WithoutProcesses(pod.UseAt(Time(podMs)), RowKind.Pod),
                });
            }

            AddRun(samples, pod, pod.Pause!, nowMs);
            foreach (ContainerRun run in pod.Runs)
            {
                if (IsVisible(pod, run, now))
                    AddRun(samples, pod, run, nowMs);
            }
        }

        samples.Sort(static (left, right) => CgroupRow.CompareByLabels(left.Row, right.Row));
        return new NodeSnapshot { Node = node, NowMs = nowMs, Samples = [.. samples], FileSystems = FileSystems(now) };
    }

    /// <summary>The number and time of the latest sample of a pod's or a run's cgroup, or null before the first.</summary>
    public static (long Number, long TimeMs)? LatestSample(CgroupRow row, DateTimeOffset now, DateTimeOffset? ended)
    {
        long until = ended is { } end && end < now ? end.ToUnixTimeMilliseconds() : now.ToUnixTimeMilliseconds();
        long number = row.Clock.LastAt(until);
        return number < 0 ? null : (number, row.Clock.TimeOf(number));
    }

    public CgroupRow Root => root;

    public IReadOnlyList<(CgroupRow Row, Func<DateTimeOffset, ResourceUse> Use)> Slices => slices;

    public CgroupRow PodRow(Pod pod)
    {
        if (pod.Row is { } known)
            return known;

        // The pod's own cgroup is found by the periodic scan, a housekeeping later than the containers that the runtime announces.
        SampleClock clock = new(seed, pod.CgroupPath, pod.SandboxStarted!.Value + pod.Derive("pod cgroup seen", 15, 19));
        PodResources resources = pod.Resources;
        return pod.Row = new CgroupRow(RowKind.Pod, pod.CgroupPath, "", "", pod.Spec.Namespace, pod.Spec.Name, clock, pod.SandboxStarted.Value)
        {
            CpuShares = Shares(resources.CpuRequest),
            CpuQuota = resources.CpuLimit * 100,
            MemoryLimitBytes = resources.MemoryLimit,
        };
    }

    public CgroupRow RunRow(Pod pod, ContainerRun run)
    {
        if (run.Row is { } known)
            return known;

        string id = $"{pod.CgroupPath}/{run.Id}";
        TimeSpan firstSample = TimeSpan.FromMilliseconds(100 + (Derivation.Number(seed, "first sample", run.Id) % 1400));
        SampleClock clock = new(seed, id, run.Started + firstSample);
        ContainerSpec spec = run.Spec;
        return run.Row = new CgroupRow(
            spec.Name.Length == 0 ? RowKind.Pause : RowKind.Container, id, spec.Name, spec.Image, pod.Spec.Namespace, pod.Spec.Name, clock, run.Started)
        {
            CpuShares = Shares(spec.CpuRequestMillicores),
            CpuQuota = spec.CpuLimitMillicores * 100L,
            MemoryLimitBytes = spec.MemoryLimitBytes,
            SwapLimitBytes = spec.MemoryLimitBytes,
        };
    }

    private void AddRun(List<CgroupSample> samples, Pod pod, ContainerRun run, long nowMs)
    {
        CgroupRow row = RunRow(pod, run);
        if (Latest(row, nowMs, run.Ended) is not { } timestampMs)
            return;

        DateTimeOffset at = Time(timestampMs);
        samples.Add(new CgroupSample
        {
            Row = row,
            TimestampMs = timestampMs,
            Use = run.UseAt(at),
            Network = row.Kind != RowKind.Pause ? null : pod.Spec.HostNetwork ? node.NetworkAt(at) : [("eth0", pod.NetworkAt(at))],
        });
    }

    /// <summary>Rows follow the cgroups; only beside a run that replaces it does a dead container stay for a while.</summary>
    private static bool IsVisible(Pod pod, ContainerRun run, DateTimeOffset now)
    {
        if (run.Ended is not { } ended)
            return true;
        if (now - ended > Linger)
            return false;
        foreach (ContainerSlot slot in pod.Slots)
        {
            if (slot.Previous == run && slot.IsRunning)
                return true;
        }

        return false;
    }

    private static long? Latest(CgroupRow row, long nowMs, DateTimeOffset? ended)
    {
        long number = row.Clock.LastAt(ended is { } end ? Math.Min(nowMs, end.ToUnixTimeMilliseconds()) : nowMs);
        return number < 0 ? null : row.Clock.TimeOf(number);
    }

    private static DateTimeOffset Time(long timestampMs) => DateTimeOffset.FromUnixTimeMilliseconds(timestampMs);

    /// <summary>The kernel counts processes and faults per cgroup, not up the tree: cgroups without processes of their own say 0.</summary>
    private static ResourceUse WithoutProcesses(ResourceUse use, RowKind kind)
    {
        if (kind == RowKind.Root)
            return use;
        use.Processes = use.FileDescriptors = use.Sockets = 0;
        use.PageFaults = use.MajorPageFaults = 0;
        return use;
    }

    private static long Shares(long millicores) => Math.Max(2, millicores * 1024 / 1000);

    private CgroupRow Slice(RowKind kind, string id, long shares, long memoryLimit) =>
        new(kind, id, "", "", "", "", new SampleClock(seed, $"{node.Name}{id}", node.Booted), node.Booted)
        {
            CpuShares = shares,
            MemoryLimitBytes = memoryLimit,
        };

    private FileSystem[] FileSystems(DateTimeOffset now)
    {
        long seconds = (long)(now - node.Booted).TotalSeconds;
        List<(string Device, FileSystem FileSystem)> found =
        [
            Device("/dev/shm", Node.MemoryBytes, 0, 0, 0),
            Device("/dev/vda", DiskBytes, 27_127_910_400, seconds * 3, seconds * 20),
            Device("/sys/fs/cgroup", Node.MemoryBytes / 2, 0, 0, 0),
        ];
        foreach (Pod pod in node.Pods)
        {
            if (pod.Pause is not { } pause)
                continue;

            found.Add(Device($"/run/containerd/io.containerd.grpc.v1.cri/sandboxes/{pause.Id}/shm", 67_108_864, 0, 0, 0));
            if (!pod.Spec.IsStatic)
                found.Add(Device(TokenVolume(pod), pod.Resources.MemoryLimit > 0 ? pod.Resources.MemoryLimit : Node.MemoryBytes, 12_288, 0, 0));
            foreach (ContainerRun run in pod.Runs)
            {
                // Real nodes have an overlay for each container; a few of them show the shape and keep a full node's page near 22,000 rows.
                ulong number = 60 + (Derivation.Number(seed, "overlay", run.Id) % 99_000);
                if (run.Ended is null && number % 8 == 0)
                    found.Add(Device(string.Create(CultureInfo.InvariantCulture, $"overlay_0-{number}"), DiskBytes, 27_127_910_400, 0, 0));
            }
        }

        found.Sort(static (left, right) => string.CompareOrdinal(left.Device, right.Device));
        return [.. found.Select(static device => device.FileSystem)];
    }

    private static string TokenVolume(Pod pod) => $"/var/lib/kubelet/pods/{pod.CgroupUid}/volumes/kubernetes.io~projected/{pod.TokenVolume}";

    private static (string Device, FileSystem FileSystem) Device(string device, long limit, long used, long reads, long writes) =>
        (device, new FileSystem(Encoding.UTF8.GetBytes(device), limit, used, reads, writes));
}
