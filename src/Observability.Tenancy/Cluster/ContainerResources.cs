namespace Observability.Tenancy;

/// <summary>What one container asks for and is held to; null where the specification says nothing.</summary>
public sealed record ContainerResources
{
    public required string Name { get; init; }

    public ContainerKind Kind { get; init; }

    public long? CpuRequestMillicores { get; init; }

    public long? CpuLimitMillicores { get; init; }

    public long? MemoryRequestBytes { get; init; }

    public long? MemoryLimitBytes { get; init; }

    public long? EphemeralStorageRequestBytes { get; init; }

    public long? EphemeralStorageLimitBytes { get; init; }
}
