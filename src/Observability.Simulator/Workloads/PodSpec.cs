namespace Observability.Simulator.Workloads;

/// <summary>A pod to run. Everything that it leaves open follows from the seed, its namespace and name, and how often that name was used before.</summary>
public sealed record PodSpec
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<ContainerSpec> Containers { get; init; }

    /// <summary>Run one after the other before the containers start; each needs <see cref="ContainerSpec.RunsFor"/> (2 s when it is null).</summary>
    public IReadOnlyList<ContainerSpec> InitContainers { get; init; } = [];

    /// <summary>Restartable init containers: started before the containers, and kept running.</summary>
    public IReadOnlyList<ContainerSpec> Sidecars { get; init; } = [];

    public RestartPolicy RestartPolicy { get; init; } = RestartPolicy.Always;

    /// <summary>Its pause row then carries the node's interfaces.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>A static pod: the kubelet knows it by its config hash, the API server by a mirror pod with another UID. The node's name ends its name.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Name of a RuntimeClass, which brings the overheads below. They show in the pod cgroup's limits, not in the containers'.</summary>
    public string? RuntimeClass { get; init; }

    public int OverheadCpuMillicores { get; init; }

    public long OverheadMemoryBytes { get; init; }

    public string ServiceAccount { get; init; } = "default";

    /// <summary>Null: derived from the seed and the pod's name.</summary>
    public string? Node { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>For example <c>ReplicaSet</c> and the set's name; null for a bare pod.</summary>
    public string? OwnerKind { get; init; }

    public string? OwnerName { get; init; }

    /// <summary>Names of emptyDir volumes.</summary>
    public IReadOnlyList<string> EmptyDirs { get; init; } = [];

    /// <summary>Names of claims, mounted as volumes of the same name; they are local ones, whose numbers are the whole disk's.</summary>
    public IReadOnlyList<string> PersistentVolumeClaims { get; init; } = [];

    /// <summary>Average bytes per second, received; half of it is sent. Null: derived.</summary>
    public double? NetworkBytesPerSecond { get; init; }

    /// <summary>From scheduled to the sandbox's start: pulling images. The pod is Pending and has no rows until then. Null: 0.3 to 1.3 s.</summary>
    public TimeSpan? StartDelay { get; init; }

    /// <summary>How long it goes on after it was told to end. Its rows stay until then. Null: 1 to 3 s.</summary>
    public TimeSpan? TerminatesIn { get; init; }

    /// <summary>Deletes the pod this long after it Succeeded or Failed. Null: it stays in the API.</summary>
    public TimeSpan? DeletedAfterFinished { get; init; }

    /// <summary>How long before the cluster's start the pod was created, for pods of a scenario. Null: 5 to 45 min, derived.</summary>
    public TimeSpan? Age { get; init; }
}
