using System.Collections.Immutable;

namespace Observability.Tenancy;

/// <summary>What the directory needs of a Pod object. Times are milliseconds since the Unix epoch, in whole seconds as the API server gives them.</summary>
public sealed record PodObject
{
    /// <summary><c>metadata.uid</c>.</summary>
    public required string Uid { get; init; }

    /// <summary>
    /// The UID in the pod's cgroup path: <see cref="Uid"/>, but for a static pod the annotation <c>kubernetes.io/config.hash</c> of its
    /// mirror pod. An annotation is the word of whoever wrote the pod, so the directory believes it only where nobody else claims that UID.
    /// </summary>
    public required string CgroupUid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary><c>spec.nodeName</c>; empty until the pod is scheduled.</summary>
    public string Node { get; init; } = "";

    public bool HostNetwork { get; init; }

    public required long CreatedMs { get; init; }

    public long? StartedMs { get; init; }

    public long? DeletedMs { get; init; }

    public PodPhase Phase { get; init; }

    public ImmutableArray<ContainerResources> Containers { get; init; } = [];

    public PodOverhead? Overhead { get; init; }

    public ulong ResourceVersion { get; init; }
}
