namespace Observability.Simulator.Rbac;

/// <summary>A Role, or a ClusterRole where <paramref name="Namespace"/> is null.</summary>
public sealed record Role(string? Namespace, string Name, IReadOnlyList<PolicyRule> Rules);
