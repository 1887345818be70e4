using System.Text.Json.Serialization.Metadata;
using Observability.Kubernetes.Objects;
using Observability.Tenancy;

namespace Observability.Kubernetes.Watching;

internal sealed class Namespaces(IClusterView view) : WatchedResource<WireNamespace, NamespaceObject>
{
    public override string Name => "namespaces";

    public override string Path => "api/v1/namespaces";

    public override JsonTypeInfo<WireList<WireNamespace>> ListType => WireJson.Default.WireListWireNamespace;

    public override JsonTypeInfo<WireEvent<WireNamespace>> EventType => WireJson.Default.WireEventWireNamespace;

    public override NamespaceObject? Map(WireNamespace wire, ulong version) => NamespaceMapping.Map(wire, version);

    public override void Replace(IReadOnlyCollection<NamespaceObject> objects, ulong version) => view.ReplaceNamespaces(objects, version);

    public override void Upsert(NamespaceObject item) => view.Upsert(item);

    public override void Remove(NamespaceObject item, ulong version) => view.RemoveNamespace(item.Uid, version);

    public override void ObservedAt(ulong version) => view.NamespacesObservedAt(version);
}
