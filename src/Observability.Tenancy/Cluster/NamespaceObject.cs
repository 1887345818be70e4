using System.Collections.Frozen;

namespace Observability.Tenancy;

/// <summary>What the directory needs of a Namespace object. Times are milliseconds since the Unix epoch, in whole seconds as the API server gives them.</summary>
public sealed record NamespaceObject
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = FrozenDictionary<string, string>.Empty;

    public required long CreatedMs { get; init; }

    /// <summary>The deletion timestamp: the namespace is terminating, and takes no new pods.</summary>
    public long? DeletedMs { get; init; }

    public ulong ResourceVersion { get; init; }
}
