using System.Collections.Immutable;

namespace Observability.Tenancy;

/// <summary>The pods' part of a snapshot.</summary>
internal sealed class PodTable(ImmutableDictionary<string, DirectoryPod> byUid, ImmutableDictionary<string, NodePods> byNode)
{
    public static PodTable Empty { get; } = new(
        ImmutableDictionary<string, DirectoryPod>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableDictionary<string, NodePods>.Empty.WithComparers(StringComparer.Ordinal));

    public ImmutableDictionary<string, DirectoryPod> ByUid => byUid;

    public ImmutableDictionary<string, NodePods> ByNode => byNode;
}
