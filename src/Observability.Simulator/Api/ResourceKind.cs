namespace Observability.Simulator.Api;

/// <summary>A resource that the API server serves.</summary>
internal sealed record ResourceKind(string Group, string Version, string Resource, string Kind, bool Namespaced)
{
    public static ResourceKind Namespaces { get; } = new("", "v1", "namespaces", "Namespace", false);

    public static ResourceKind Nodes { get; } = new("", "v1", "nodes", "Node", false);

    public static ResourceKind Pods { get; } = new("", "v1", "pods", "Pod", true);

    public static ResourceKind ServiceAccounts { get; } = new("", "v1", "serviceaccounts", "ServiceAccount", true);

    public static ResourceKind Roles { get; } = new("rbac.authorization.k8s.io", "v1", "roles", "Role", true);

    public static ResourceKind RoleBindings { get; } = new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true);

    public static ResourceKind ClusterRoles { get; } = new("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false);

    public static ResourceKind ClusterRoleBindings { get; } =
        new("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false);

    public static IReadOnlyList<ResourceKind> All { get; } =
        [Namespaces, Nodes, Pods, ServiceAccounts, Roles, RoleBindings, ClusterRoles, ClusterRoleBindings];

    public string GroupVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public static ResourceKind? Find(string group, string version, string resource) =>
        All.FirstOrDefault(kind => kind.Group == group && kind.Version == version && kind.Resource == resource);
}
