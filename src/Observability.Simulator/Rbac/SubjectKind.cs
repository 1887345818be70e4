namespace Observability.Simulator.Rbac;

/// <summary>The kinds of subject a binding can name.</summary>
public enum SubjectKind
{
    User,
    Group,
    ServiceAccount,
}
