using Observability.Model;

namespace Observability.Access;

/// <summary>The rights, in the words of an access review.</summary>
internal static class AccessRights
{
    private const string Group = "observability.io";

    /// <summary>Every tenant, the operator's partitions and the nodes.</summary>
    public static AccessAttributes Operator(Rights right) => Tenant(right, "");

    public static AccessAttributes Tenant(Rights right, string tenant) =>
        new() { Verb = "get", Group = Group, Resource = "tenants", Subresource = Word(right), Name = tenant };

    public static AccessAttributes NamespaceMetrics(string name) =>
        new() { Verb = "get", Group = Group, Resource = Word(Rights.Metrics), Namespace = name };

    /// <summary>What the roles view, edit and admin already hold where metrics-server is installed.</summary>
    public static AccessAttributes PodMetrics(string name) =>
        new() { Verb = "get", Group = "metrics.k8s.io", Resource = "pods", Namespace = name };

    /// <summary>Deliver the samples of the node that the token is bound to.</summary>
    public static AccessAttributes CollectHere { get; } = new() { Verb = "create", Group = Group, Resource = "samples" };

    public static AccessAttributes CollectFrom(string node) =>
        new() { Verb = "create", Group = Group, Resource = "nodes", Subresource = "samples", Name = node };

    /// <param name="action">What is to be done.</param>
    /// <param name="tenant">To which tenant; empty where it concerns none, or all.</param>
    public static AccessAttributes Operate(OperatorAction action, string tenant) => action switch
    {
        OperatorAction.CreateSnapshot => new() { Verb = "create", Group = Group, Resource = "snapshots" },
        OperatorAction.DeleteTenantData => new() { Verb = "delete", Group = Group, Resource = "tenants", Subresource = "data", Name = tenant },
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "No review asks for it."),
    };

    /// <exception cref="ArgumentException">Not exactly one right.</exception>
    public static string Word(Rights right) => right switch
    {
        Rights.Metrics => "metrics",
        Rights.Billing => "billing",
        _ => throw new ArgumentException("A request is for exactly one right.", nameof(right)),
    };
}
