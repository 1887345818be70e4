using Observability.Aggregator.ModelApi.Catalogue;
using Observability.Model;

namespace Observability.Aggregator.ModelApi;

/// <summary>Names one object of the model. All null: everything that the caller may see.</summary>
internal sealed record ObjectPath
{
    public string? Namespace { get; private init; }

    public string? Pod { get; private init; }

    /// <summary>Of a pod, or of a node: a system container.</summary>
    public string? Container { get; private init; }

    public string? Node { get; private init; }

    internal static ObjectPath Everything { get; } = new();

    internal static ObjectPath OfNamespace(string @namespace) => new() { Namespace = @namespace };

    internal static ObjectPath OfPod(string @namespace, string pod) => new() { Namespace = @namespace, Pod = pod };

    internal static ObjectPath OfContainer(string @namespace, string pod, string container) =>
        new() { Namespace = @namespace, Pod = pod, Container = container };

    internal static ObjectPath OfNode(string node) => new() { Node = node };

    internal static ObjectPath OfSystemContainer(string node, string container) => new() { Node = node, Container = container };

    /// <summary>What kind of object it is for the holder of a scope. Everything is the cluster only for who sees its nodes.</summary>
    internal ObjectLevel LevelFor(TenantScope scope) => this switch
    {
        { Node: not null, Container: not null } => ObjectLevel.SystemContainer,
        { Node: not null } => ObjectLevel.Node,
        { Container: not null } => ObjectLevel.Container,
        { Pod: not null } => ObjectLevel.Pod,
        { Namespace: not null } => ObjectLevel.Namespace,
        _ => scope.SeesNodes() ? ObjectLevel.Cluster : ObjectLevel.Tenant,
    };

    /// <summary>What selects its series, beside the kind of their rows.</summary>
    internal IReadOnlyList<Matcher> Matchers()
    {
        List<Matcher> matchers = [];
        if (Namespace is not null)
            matchers.Add(Matcher.Equal(LabelNames.Namespace, Namespace));
        if (Pod is not null)
            matchers.Add(Matcher.Equal(LabelNames.Pod, Pod));
        if (Node is not null)
            matchers.Add(Matcher.Equal(LabelNames.Node, Node));
        if (Container is not null)
            matchers.Add(Node is null ? Matcher.Equal(LabelNames.Container, Container) : SystemContainerName.Matcher(Container));
        return matchers;
    }
}
