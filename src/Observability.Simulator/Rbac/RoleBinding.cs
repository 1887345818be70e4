namespace Observability.Simulator.Rbac;

/// <summary>A RoleBinding, or a ClusterRoleBinding where <see cref="Namespace"/> is null.</summary>
public sealed record RoleBinding
{
    public string? Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Of a Role in the binding's namespace, or of a ClusterRole: always so for a ClusterRoleBinding.</summary>
    public required string RoleName { get; init; }

    /// <summary>Whether a RoleBinding refers to a ClusterRole. Without meaning for a ClusterRoleBinding.</summary>
    public bool ToClusterRole { get; init; }

    public required IReadOnlyList<Subject> Subjects { get; init; }
}
