namespace Observability.Tenancy;

/// <summary>A node's capacity or what of it pods may have; null where the node does not say.</summary>
public sealed record NodeResources(long? CpuMillicores, long? MemoryBytes, long? EphemeralStorageBytes, long? Pods)
{
    public static NodeResources Unknown { get; } = new(null, null, null, null);
}
