using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>The pods of one node, those that ended and are still resolvable included.</summary>
internal sealed class NodePods(ImmutableDictionary<string, DirectoryPod> byUid)
{
    private ImmutableDictionary<string, DirectoryPod>? _byCgroup;
    private IReadOnlyList<DirectoryPod>? _sorted;

    public static NodePods Empty { get; } = new(ImmutableDictionary<string, DirectoryPod>.Empty.WithComparers(StringComparer.Ordinal));

    public bool IsEmpty => byUid.IsEmpty;

    public IReadOnlyList<DirectoryPod> Sorted => _sorted ??= [.. byUid.Values.OrderBy(pod => pod.Uid, StringComparer.Ordinal)];

    public ImmutableDictionary<string, DirectoryPod> ByCgroup => _byCgroup ??= IndexCgroups();

    public NodePods With(DirectoryPod pod) => new(byUid.SetItem(pod.Uid, pod));

    public NodePods Without(string uid) => new(byUid.Remove(uid));

    /// <summary>
    /// A pod's own UID is given by the API server and names its cgroup beyond doubt; a config hash is an annotation, which a tenant can
    /// write as well. So the former wins, then a pod of the cluster's own namespaces, which no tenant writes to; where annotations of
    /// two tenants claim one cgroup, it is nobody's.
    /// </summary>
    private ImmutableDictionary<string, DirectoryPod> IndexCgroups()
    {
        var index = ImmutableDictionary.CreateBuilder<string, DirectoryPod>(StringComparer.Ordinal);
        foreach (DirectoryPod pod in byUid.Values.Where(IsOwnUid))
            index[pod.Uid] = pod;
        foreach (IGrouping<string, DirectoryPod> claims in byUid.Values
            .Where(pod => !IsOwnUid(pod) && !byUid.ContainsKey(pod.Pod.CgroupUid))
            .GroupBy(pod => pod.Pod.CgroupUid, StringComparer.Ordinal))
        {
            DirectoryPod[] claimants = [.. claims];
            if (Array.Exists(claimants, IsSystem))
                claimants = Array.FindAll(claimants, IsSystem);
            if (Array.TrueForAll(claimants, pod => pod.Tenant == claimants[0].Tenant))
            {
                // A static pod that is changed gets a new mirror pod: the one that lives, else the one that ended last.
                index[claims.Key] = claimants
                    .OrderByDescending(pod => pod.UntilMs ?? long.MaxValue)
                    .ThenByDescending(pod => pod.SinceMs)
                    .ThenBy(pod => pod.Uid, StringComparer.Ordinal)
                    .First();
            }
        }

        return index.ToImmutable();
    }

    private static bool IsSystem(DirectoryPod pod) => pod.Tenant == TenantUid.System;

    private static bool IsOwnUid(DirectoryPod pod) => string.Equals(pod.Pod.CgroupUid, pod.Uid, StringComparison.Ordinal);
}
