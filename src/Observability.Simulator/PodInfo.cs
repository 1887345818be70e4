namespace Observability.Simulator;

/// <summary>A pod as it was when asked.</summary>
public sealed record PodInfo
{
    public required string Namespace { get; init; }

    public required string NamespaceUid { get; init; }

    public required string Name { get; init; }

    /// <summary>In the API.</summary>
    public required string Uid { get; init; }

    /// <summary>In cgroup paths, /pods and /stats/summary; differs for static pods alone.</summary>
    public required string CgroupUid { get; init; }

    public required string Node { get; init; }

    public required bool HostNetwork { get; init; }

    public required bool IsStatic { get; init; }

    public required string Phase { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required IReadOnlyList<ContainerInfo> Containers { get; init; }
}

/// <summary>The latest run of a container: its name, 64-digit id, start, and end if it ended.</summary>
public sealed record ContainerInfo(string Name, string Id, DateTimeOffset Started, DateTimeOffset? Ended, int RestartCount);
