using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Observability.Model;

namespace Observability.Tenancy;

/// <summary>
/// The tenant directory at one moment: immutable, shared by all readers, read without a lock. What it does not know it does not guess:
/// a pod that is not proven to be in a namespace is not here.
/// </summary>
public sealed class DirectorySnapshot
{
    internal DirectorySnapshot(
        long version, bool namespacesListed, bool complete, NamespaceTable namespaces, TenantTable tenants, NodeTable nodes, PodTable pods)
    {
        Version = version;
        NamespacesListed = namespacesListed;
        Complete = complete;
        NamespaceTable = namespaces;
        TenantTable = tenants;
        NodeTable = nodes;
        PodTable = pods;
    }

    /// <summary>Rises with every change.</summary>
    public long Version { get; }

    /// <summary>True once namespaces have been listed: before that, that one is not here means nothing.</summary>
    public bool NamespacesListed { get; }

    /// <summary>True once namespaces, pods and nodes have each been listed.</summary>
    public bool Complete { get; }

    /// <summary>Sorted by name, then UID; deleted ones included while they are resolvable.</summary>
    public IReadOnlyList<DirectoryNamespace> Namespaces => NamespaceTable.Sorted;

    /// <summary>Every tenant that has ever claimed a namespace, sorted by name. The operator's partitions are none.</summary>
    public IReadOnlyList<Tenant> Tenants => TenantTable.Sorted;

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<NodeObject> Nodes => NodeTable.Sorted;

    /// <summary>All resolved pods, in no order.</summary>
    public IEnumerable<DirectoryPod> Pods => PodTable.ByUid.Values;

    internal NamespaceTable NamespaceTable { get; }

    internal TenantTable TenantTable { get; }

    internal NodeTable NodeTable { get; }

    internal PodTable PodTable { get; }

    /// <param name="podUid"><c>metadata.uid</c>.</param>
    /// <param name="pod">The pod, also for a while after its end.</param>
    public bool TryGetPod(string podUid, [NotNullWhen(true)] out DirectoryPod? pod) => PodTable.ByUid.TryGetValue(podUid, out pod);

    /// <param name="node">The node whose cgroup it is.</param>
    /// <param name="cgroupUid">The UID in the cgroup's path; for static pods their config hash.</param>
    /// <param name="pod">The pod; none where annotations of two tenants claim the cgroup.</param>
    public bool TryGetPodByCgroup(string node, string cgroupUid, [NotNullWhen(true)] out DirectoryPod? pod)
    {
        pod = null;
        return PodTable.ByNode.TryGetValue(node, out NodePods? pods) && pods.ByCgroup.TryGetValue(cgroupUid, out pod);
    }

    /// <returns>Sorted by UID; those that ended and are still resolvable included.</returns>
    public IReadOnlyList<DirectoryPod> PodsOn(string node) => PodTable.ByNode.TryGetValue(node, out NodePods? pods) ? pods.Sorted : [];

    /// <param name="name">A namespace's name.</param>
    /// <param name="value">The one that has the name now.</param>
    public bool TryGetNamespace(string name, [NotNullWhen(true)] out DirectoryNamespace? value)
    {
        value = null;
        return NamespaceTable.LiveUidByName.TryGetValue(name, out string? uid) && NamespaceTable.ByUid.TryGetValue(uid, out value);
    }

    public bool TryGetNamespaceByUid(string uid, [NotNullWhen(true)] out DirectoryNamespace? value) =>
        NamespaceTable.ByUid.TryGetValue(uid, out value);

    public bool TryGetTenant(TenantName name, [NotNullWhen(true)] out Tenant? tenant) => TenantTable.ByName.TryGetValue(name, out tenant);

    public bool TryGetTenant(TenantUid uid, [NotNullWhen(true)] out Tenant? tenant) => TenantTable.ByUid.TryGetValue(uid, out tenant);

    /// <summary>The ownership of one namespace, oldest first; empty where it is not known.</summary>
    public IReadOnlyList<OwnershipEpoch> EpochsOf(string namespaceUid) =>
        NamespaceTable.Epochs.TryGetValue(namespaceUid, out ImmutableArray<OwnershipEpoch> epochs) ? epochs : [];

    /// <summary>
    /// Whose a sample of that time is, for ever. Before the first epoch and for an unknown namespace that is nobody:
    /// <see cref="TenantUid.Unassigned"/>. After the end of a deleted namespace its last owner: no other can come.
    /// </summary>
    public TenantUid OwnerAt(string namespaceUid, long timestampMs)
    {
        IReadOnlyList<OwnershipEpoch> epochs = EpochsOf(namespaceUid);
        for (int i = epochs.Count - 1; i >= 0; i--)
        {
            if (epochs[i].FromMs <= timestampMs)
                return epochs[i].Tenant;
        }

        return TenantUid.Unassigned;
    }
}
