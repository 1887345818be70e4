using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Observability.Tenancy;

/// <summary>Who owns which namespace and which pod, since when. Fed by watches; read through immutable snapshots.</summary>
public sealed class TenantDirectory : IClusterView, IDisposable
{
    public TenantDirectory(
        TenancyOptions options,
        IEnumerable<ITenantProvider> providers,
        TimeProvider time,
        IMeterFactory meters,
        ILogger<TenantDirectory> logger,
        INamespaceConfirmer? confirmer = null) => throw new NotImplementedException();

    public DirectorySnapshot Current => throw new NotImplementedException();

    /// <summary>Completes when <see cref="Current"/> has a version above the given one.</summary>
    public Task WaitForChangeAsync(long version, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Changes of the pods of one node, the full state first.</summary>
    public DirectorySubscription Subscribe(string node) => throw new NotImplementedException();

    public void ReplaceNamespaces(IReadOnlyCollection<NamespaceObject> namespaces, ulong resourceVersion) => throw new NotImplementedException();

    public void Upsert(NamespaceObject value) => throw new NotImplementedException();

    public void RemoveNamespace(string uid, ulong resourceVersion) => throw new NotImplementedException();

    public void NamespacesObservedAt(ulong resourceVersion) => throw new NotImplementedException();

    public void ReplacePods(IReadOnlyCollection<PodObject> pods, ulong resourceVersion) => throw new NotImplementedException();

    public void Upsert(PodObject value) => throw new NotImplementedException();

    public void RemovePod(string uid, ulong resourceVersion) => throw new NotImplementedException();

    public void PodsObservedAt(ulong resourceVersion) => throw new NotImplementedException();

    public void ReplaceNodes(IReadOnlyCollection<NodeObject> nodes, ulong resourceVersion) => throw new NotImplementedException();

    public void Upsert(NodeObject value) => throw new NotImplementedException();

    public void RemoveNode(string uid, ulong resourceVersion) => throw new NotImplementedException();

    public void NodesObservedAt(ulong resourceVersion) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
