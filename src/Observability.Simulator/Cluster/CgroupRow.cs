using System.Text;

namespace Observability.Simulator.Cluster;

/// <summary>What never changes about a cgroup's rows: its labels as bytes, its limits, and when it is sampled.</summary>
internal sealed class CgroupRow
{
    public CgroupRow(RowKind kind, string id, string container, string image, string ns, string pod, SampleClock clock, DateTimeOffset started)
    {
        Kind = kind;
        Id = id;
        Container = container;
        Clock = clock;
        StartedSeconds = started.ToUnixTimeSeconds();
        string name = kind is RowKind.Pause or RowKind.Container ? id[(id.LastIndexOf('/') + 1)..] : "";
        string head = $"container=\"{container}\"";
        string middle = $",id=\"{id}\",image=\"{image}\"";
        Labels = Encoding.UTF8.GetBytes($"{head}{middle},name=\"{name}\",namespace=\"{ns}\",pod=\"{pod}\"");
        AnonymousLabels = Encoding.UTF8.GetBytes($"{head}{middle},name=\"{name}\",namespace=\"\",pod=\"\"");
        AfterContainer = Encoding.UTF8.GetByteCount(head);
        AfterImage = AfterContainer + Encoding.UTF8.GetByteCount(middle);
    }

    public RowKind Kind { get; }

    public string Id { get; }

    public string Container { get; }

    public SampleClock Clock { get; }

    /// <summary>Whole seconds: cAdvisor takes the start from a file's modification time.</summary>
    public long StartedSeconds { get; }

    /// <summary>The base labels without braces, in order.</summary>
    public byte[] Labels { get; }

    /// <summary>The same as a kubelet writes them that does not know its pods yet.</summary>
    public byte[] AnonymousLabels { get; }

    /// <summary>Where in the labels <c>cpu</c>, <c>device</c> or <c>failure_type</c> go.</summary>
    public int AfterContainer { get; }

    /// <summary>Where in the labels <c>interface</c> goes.</summary>
    public int AfterImage { get; }

    public long CpuShares { get; init; } = 2;

    /// <summary>In microseconds a period of 100 ms; 0 is none.</summary>
    public long CpuQuota { get; init; }

    public long MemoryLimitBytes { get; init; }

    public long SwapLimitBytes { get; init; }

    public static int CompareByLabels(CgroupRow left, CgroupRow right)
    {
        int order = string.CompareOrdinal(left.Container, right.Container);
        return order != 0 ? order : string.CompareOrdinal(left.Id, right.Id);
    }
}
