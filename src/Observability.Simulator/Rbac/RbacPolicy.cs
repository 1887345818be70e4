namespace Observability.Simulator.Rbac;

/// <summary>
/// Roles and bindings, and the decision over them, with the reason worded as the API server's RBAC authorizer words it.
/// Cluster bindings are tried first, then those of the request's namespace, each by name. Not thread-safe: the world's lock guards it.
/// </summary>
internal sealed class RbacPolicy
{
    private readonly SortedDictionary<(string Namespace, string Name), Role> roles = new(NamespaceThenName);
    private readonly SortedDictionary<(string Namespace, string Name), RoleBinding> bindings = new(NamespaceThenName);

    private static Comparer<(string Namespace, string Name)> NamespaceThenName { get; } = Comparer<(string Namespace, string Name)>.Create(
        (left, right) => string.CompareOrdinal(left.Namespace, right.Namespace) is var order && order != 0
            ? order
            : string.CompareOrdinal(left.Name, right.Name));

    public void Put(Role role) => roles[(role.Namespace ?? "", role.Name)] = role;

    public void Put(RoleBinding binding) => bindings[(binding.Namespace ?? "", binding.Name)] = binding;

    public bool RemoveRole(string? ns, string name) => roles.Remove((ns ?? "", name));

    public bool RemoveBinding(string? ns, string name) => bindings.Remove((ns ?? "", name));

    public Role? FindRole(string? ns, string name) => roles.GetValueOrDefault((ns ?? "", name));

    public RoleBinding? FindBinding(string? ns, string name) => bindings.GetValueOrDefault((ns ?? "", name));

    public IReadOnlyList<Role> RolesIn(string ns) => [.. roles.Values.Where(role => role.Namespace == ns)];

    public IReadOnlyList<RoleBinding> BindingsIn(string ns) => [.. bindings.Values.Where(binding => binding.Namespace == ns)];

    /// <returns>The reason, or null where nothing allows it.</returns>
    public string? Allows(string user, IReadOnlyList<string> groups, AccessRequest request)
    {
        foreach (((string ns, _), RoleBinding binding) in bindings)
        {
            if (ns.Length > 0 && (request.Path is not null || ns != request.Namespace))
                continue;

            if (binding.Subjects.FirstOrDefault(subject => Matches(subject, user, groups)) is not { } subject)
                continue;

            bool clusterRole = ns.Length == 0 || binding.ToClusterRole;
            if (FindRole(clusterRole ? null : ns, binding.RoleName) is { } role && role.Rules.Any(rule => Matches(rule, request)))
                return Reason(binding, clusterRole, subject);
        }

        return null;
    }

    private static string Reason(RoleBinding binding, bool clusterRole, Subject subject)
    {
        string by = binding.Namespace is null
            ? $"ClusterRoleBinding \"{binding.Name}\""
            : $"RoleBinding \"{binding.Name}/{binding.Namespace}\"";
        string to = subject.Kind == SubjectKind.ServiceAccount ? $"{subject.Name}/{subject.Namespace}" : subject.Name;
        return $"RBAC: allowed by {by} of {(clusterRole ? "ClusterRole" : "Role")} \"{binding.RoleName}\" to {subject.Kind} \"{to}\"";
    }

    private static bool Matches(Subject subject, string user, IReadOnlyList<string> groups) => subject.Kind switch
    {
        SubjectKind.User => user == subject.Name,
        SubjectKind.Group => groups.Contains(subject.Name),
        _ => user == $"system:serviceaccount:{subject.Namespace}:{subject.Name}",
    };

    private static bool Matches(PolicyRule rule, AccessRequest request)
    {
        if (!MatchesAny(rule.Verbs, request.Verb))
            return false;

        if (request.Path is { } path)
        {
            return rule.NonResourceUrls.Any(url => url == "*" || url == path
                || (url.EndsWith('*') && path.StartsWith(url[..^1], StringComparison.Ordinal)));
        }

        return MatchesAny(rule.ApiGroups, request.Group)
            && rule.Resources.Any(resource => MatchesResource(resource, request))
            && (rule.ResourceNames.Count == 0 || rule.ResourceNames.Contains(request.Name));
    }

    private static bool MatchesAny(IReadOnlyList<string> allowed, string asked) => allowed.Contains("*") || allowed.Contains(asked);

    private static bool MatchesResource(string allowed, AccessRequest request)
    {
        if (allowed == "*")
            return true;
        if (request.Subresource.Length == 0)
            return allowed == request.Resource;
        return allowed == $"{request.Resource}/{request.Subresource}" || allowed == $"*/{request.Subresource}";
    }
}
