namespace Observability.Simulator.Cluster;

/// <summary>Everything that a cAdvisor page says, taken at one moment; formatting it needs no lock.</summary>
internal sealed class NodeSnapshot
{
    public required Node Node { get; init; }

    public required long NowMs { get; init; }

    /// <summary>By container name, then id: the order of the page.</summary>
    public required CgroupSample[] Samples { get; init; }

    /// <summary>The root's file systems by device; many a device's name has a pod's UID or a sandbox's id in it.</summary>
    public required FileSystem[] FileSystems { get; init; }
}

/// <summary>One mounted file system as the root cgroup's rows show it.</summary>
internal readonly record struct FileSystem(byte[] Device, long LimitBytes, long UsedBytes, long Reads, long Writes);
