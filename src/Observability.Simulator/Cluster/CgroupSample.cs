namespace Observability.Simulator.Cluster;

/// <summary>The latest sample of a cgroup: its own time, and what was used then.</summary>
internal struct CgroupSample
{
    public CgroupRow Row;
    public long TimestampMs;
    public ResourceUse Use;

    /// <summary>By name; of the root and of pause containers alone.</summary>
    public (string Interface, NetworkUse Use)[]? Network;
}
