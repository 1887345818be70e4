using Observability.Simulator.Rbac;
using Observability.Simulator.Workloads;

namespace Observability.Simulator;

/// <summary>What the simulated cluster is made of. <see cref="Scenarios"/> has ready ones.</summary>
public sealed record SimulatorOptions
{
    /// <summary>All that is random in the cluster is derived from it.</summary>
    public ulong Seed { get; init; } = 1;

    public int Nodes { get; init; } = 3;

    /// <summary>How many pods a scenario puts on each node; for the scenario to use when it makes its namespaces.</summary>
    public int PodsPerNode { get; init; } = 10;

    /// <summary>On 127.0.0.1; 0 takes a free one.</summary>
    public int ApiPort { get; init; }

    public string ClusterName { get; init; } = "simulated";

    public IReadOnlyList<TenantSpec> Tenants { get; init; } = [];

    /// <summary>Namespaces that no tenant brings, such as kube-system.</summary>
    public IReadOnlyList<NamespaceSpec> Namespaces { get; init; } = [];

    public IReadOnlyList<Role> ClusterRoles { get; init; } = [];

    public IReadOnlyList<RoleBinding> ClusterRoleBindings { get; init; } = [];
}
