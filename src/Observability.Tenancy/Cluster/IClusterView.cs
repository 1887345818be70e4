namespace Observability.Tenancy;

/// <summary>
/// What watches feed. Per kind of object: first a list (<c>Replace</c>), then its watch's events in the order in which they came,
/// and again a list after a watch that could not go on. The order matters: an event or bookmark at a resource version says that everything
/// of that kind before it has been told, and pods are bound to namespaces by that. Calls of different kinds may come at the same time.
/// An exception says that the change could not be kept (the ownership store failed): nothing of it was taken, list again later.
/// </summary>
public interface IClusterView
{
    /// <param name="namespaces">All there are.</param>
    /// <param name="resourceVersion">The list's own version.</param>
    void ReplaceNamespaces(IReadOnlyCollection<NamespaceObject> namespaces, ulong resourceVersion);

    void Upsert(NamespaceObject value);

    /// <param name="uid">The object that is gone.</param>
    /// <param name="resourceVersion">The version that the event carries: that of the deletion.</param>
    void RemoveNamespace(string uid, ulong resourceVersion);

    /// <summary>A bookmark: the watch has told everything up to this version.</summary>
    void NamespacesObservedAt(ulong resourceVersion);

    void ReplacePods(IReadOnlyCollection<PodObject> pods, ulong resourceVersion);

    void Upsert(PodObject value);

    void RemovePod(string uid, ulong resourceVersion);

    void PodsObservedAt(ulong resourceVersion);

    void ReplaceNodes(IReadOnlyCollection<NodeObject> nodes, ulong resourceVersion);

    void Upsert(NodeObject value);

    void RemoveNode(string uid, ulong resourceVersion);

    void NodesObservedAt(ulong resourceVersion);
}
