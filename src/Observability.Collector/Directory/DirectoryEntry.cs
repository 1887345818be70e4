namespace Observability.Collector.Directory;

/// <summary>A pod of this node, as the aggregator told it.</summary>
/// <param name="Uid">Its UID at the API server.</param>
/// <param name="CgroupUid">The UID on its cgroup's path: another one for static pods.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Tenant">Who owns its namespace, as an opaque UID.</param>
/// <param name="HostNetwork">Whether its network is the node's.</param>
internal sealed record DirectoryEntry(string Uid, string CgroupUid, string Namespace, string Name, string Tenant, bool HostNetwork);
