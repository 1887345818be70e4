using System.Text.Json.Serialization.Metadata;
using Observability.Kubernetes.Objects;
using Observability.Tenancy;

namespace Observability.Kubernetes.Watching;

internal sealed class Pods(IClusterView view) : WatchedResource<WirePod, PodObject>
{
    private readonly PodMapping _mapping = new();

    public override string Name => "pods";

    public override string Path => "api/v1/pods";

    public override JsonTypeInfo<WireList<WirePod>> ListType => WireJson.Default.WireListWirePod;

    public override JsonTypeInfo<WireEvent<WirePod>> EventType => WireJson.Default.WireEventWirePod;

    public override void BeginList() => _mapping.Forget();

    public override PodObject? Map(WirePod wire, ulong version) => _mapping.Map(wire, version);

    public override void Replace(IReadOnlyCollection<PodObject> objects, ulong version) => view.ReplacePods(objects, version);

    public override void Upsert(PodObject item) => view.Upsert(item);

    public override void Remove(PodObject item, ulong version) => view.RemovePod(item.Uid, version);

    public override void ObservedAt(ulong version) => view.PodsObservedAt(version);
}
