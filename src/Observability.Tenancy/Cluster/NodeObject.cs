namespace Observability.Tenancy;

/// <summary>What the directory needs of a Node object.</summary>
public sealed record NodeObject
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    public NodeResources Capacity { get; init; } = NodeResources.Unknown;

    public NodeResources Allocatable { get; init; } = NodeResources.Unknown;

    public ulong ResourceVersion { get; init; }
}
