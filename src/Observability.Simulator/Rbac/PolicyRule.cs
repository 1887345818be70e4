namespace Observability.Simulator.Rbac;

/// <summary>What a role allows, as in rbac.authorization.k8s.io/v1. Either resources or non-resource URLs.</summary>
public sealed record PolicyRule
{
    public required IReadOnlyList<string> Verbs { get; init; }

    public IReadOnlyList<string> ApiGroups { get; init; } = [];

    /// <summary><c>pods</c>, <c>nodes/metrics</c>, <c>*/scale</c> or <c>*</c>.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Empty: every name, and requests without one.</summary>
    public IReadOnlyList<string> ResourceNames { get; init; } = [];

    /// <summary>Exact paths, or a prefix that ends in <c>*</c>. Only cluster roles can have them.</summary>
    public IReadOnlyList<string> NonResourceUrls { get; init; } = [];
}
