using Observability.Tenancy;

namespace Observability.Kubernetes.Objects;

internal static class NodeMapping
{
    /// <returns>Null where the object lacks its name or UID.</returns>
    public static NodeObject? Map(WireNode wire, ulong version)
    {
        if (wire.Metadata is not { Name.Length: > 0, Uid.Length: > 0 } metadata)
            return null;
        return new NodeObject
        {
            Name = metadata.Name,
            Uid = metadata.Uid,
            Capacity = Map(wire.Status?.Capacity),
            Allocatable = Map(wire.Status?.Allocatable),
            ResourceVersion = version,
        };
    }

    private static NodeResources Map(Dictionary<string, string>? resources) => new(
        ResourceNames.Millis(resources, ResourceNames.Cpu),
        ResourceNames.Units(resources, ResourceNames.Memory),
        ResourceNames.Units(resources, ResourceNames.EphemeralStorage),
        ResourceNames.Units(resources, ResourceNames.Pods));
}
