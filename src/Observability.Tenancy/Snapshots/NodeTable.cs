using System.Collections.Immutable;

namespace Observability.Tenancy;

/// <summary>The nodes' part of a snapshot.</summary>
internal sealed class NodeTable(ImmutableDictionary<string, NodeObject> byUid)
{
    private IReadOnlyList<NodeObject>? _sorted;

    public static NodeTable Empty { get; } = new(ImmutableDictionary<string, NodeObject>.Empty.WithComparers(StringComparer.Ordinal));

    public ImmutableDictionary<string, NodeObject> ByUid => byUid;

    public IReadOnlyList<NodeObject> Sorted => _sorted ??= [.. byUid.Values
        .OrderBy(node => node.Name, StringComparer.Ordinal)
        .ThenBy(node => node.Uid, StringComparer.Ordinal)];
}
