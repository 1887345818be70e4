using System.Collections.Immutable;

namespace Observability.Tenancy;

/// <summary>The namespaces' part of a snapshot; shared by all snapshots between two changes of namespaces.</summary>
internal sealed class NamespaceTable(
    ImmutableDictionary<string, DirectoryNamespace> byUid,
    ImmutableDictionary<string, string> liveUidByName,
    ImmutableDictionary<string, ImmutableArray<OwnershipEpoch>> epochs)
{
    private IReadOnlyList<DirectoryNamespace>? _sorted;

    public static NamespaceTable Empty { get; } = new(
        ImmutableDictionary<string, DirectoryNamespace>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableDictionary<string, ImmutableArray<OwnershipEpoch>>.Empty.WithComparers(StringComparer.Ordinal));

    public ImmutableDictionary<string, DirectoryNamespace> ByUid => byUid;

    public ImmutableDictionary<string, string> LiveUidByName => liveUidByName;

    /// <summary>Per namespace UID, oldest first.</summary>
    public ImmutableDictionary<string, ImmutableArray<OwnershipEpoch>> Epochs => epochs;

    // A race sorts twice and keeps either: both are the same.
    public IReadOnlyList<DirectoryNamespace> Sorted => _sorted ??= [.. byUid.Values
        .OrderBy(value => value.Name, StringComparer.Ordinal)
        .ThenBy(value => value.Uid, StringComparer.Ordinal)];
}
