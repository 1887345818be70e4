namespace Observability.Simulator.Rbac;

/// <summary>Who a binding speaks of.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Name">The user, the group or the service account.</param>
/// <param name="Namespace">The service account's; null for the others.</param>
public sealed record Subject(SubjectKind Kind, string Name, string? Namespace = null)
{
    public static Subject ServiceAccount(string ns, string name) => new(SubjectKind.ServiceAccount, name, ns);

    public static Subject Group(string name) => new(SubjectKind.Group, name);

    public static Subject User(string name) => new(SubjectKind.User, name);
}
