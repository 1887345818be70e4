namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>Kinds of objects that have metrics.</summary>
[Flags]
internal enum ObjectLevel
{
    None = 0,

    /// <summary>The whole cluster as its nodes see it. Operators only.</summary>
    Cluster = 1,

    /// <summary>All that the caller may see, summed over pods: a tenant, or several.</summary>
    Tenant = 2,

    /// <summary>Operators only.</summary>
    Node = 4,
    Namespace = 8,
    Pod = 16,
    Container = 32,

    /// <summary>A cgroup of a node that belongs to no pod, such as the kubelet's. Operators only.</summary>
    SystemContainer = 64,
}
