using Observability.Simulator.Rbac;

namespace Observability.Simulator.Workloads;

/// <summary>A namespace with what runs in it.</summary>
public sealed record NamespaceSpec
{
    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<PodSpec> Pods { get; init; } = [];

    public IReadOnlyList<CronSpec> Crons { get; init; } = [];

    /// <summary>Besides <c>default</c>, which every namespace has.</summary>
    public IReadOnlyList<string> ServiceAccounts { get; init; } = [];

    public IReadOnlyList<Role> Roles { get; init; } = [];

    public IReadOnlyList<RoleBinding> Bindings { get; init; } = [];
}
