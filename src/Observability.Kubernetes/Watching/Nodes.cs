using System.Text.Json.Serialization.Metadata;
using Observability.Kubernetes.Objects;
using Observability.Tenancy;

namespace Observability.Kubernetes.Watching;

internal sealed class Nodes(IClusterView view) : WatchedResource<WireNode, NodeObject>
{
    public override string Name => "nodes";

    public override string Path => "api/v1/nodes";

    public override JsonTypeInfo<WireList<WireNode>> ListType => WireJson.Default.WireListWireNode;

    public override JsonTypeInfo<WireEvent<WireNode>> EventType => WireJson.Default.WireEventWireNode;

    public override NodeObject? Map(WireNode wire, ulong version) => NodeMapping.Map(wire, version);

    public override void Replace(IReadOnlyCollection<NodeObject> objects, ulong version) => view.ReplaceNodes(objects, version);

    public override void Upsert(NodeObject item) => view.Upsert(item);

    public override void Remove(NodeObject item, ulong version) => view.RemoveNode(item.Uid, version);

    public override void ObservedAt(ulong version) => view.NodesObservedAt(version);
}
