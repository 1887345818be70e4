using Observability.Protocol.V1;

namespace Observability.Collector.Classification;

/// <summary>What a row was found to be. The spans are the classifier's, valid until its next row.</summary>
internal ref struct RowIdentity
{
    /// <summary>Set where the row is not kept.</summary>
    internal DropReason Drop;

    /// <summary>The family, where it is on the list.</summary>
    internal Family? Family;

    internal RowKind Kind;

    /// <summary>cAdvisor's <c>id</c>; for rows of the resource endpoint empty.</summary>
    internal ReadOnlySpan<byte> Id;

    /// <summary>The UID on the cgroup path, as it stands there; empty where the row has none.</summary>
    internal ReadOnlySpan<byte> PodUid;

    internal ReadOnlySpan<byte> ContainerId;

    /// <summary>What the row says of itself. Never trusted for whose it is.</summary>
    internal ReadOnlySpan<byte> Namespace;

    internal ReadOnlySpan<byte> Pod;

    internal ReadOnlySpan<byte> Container;

    internal static RowIdentity Dropped(DropReason reason, Family? family = null) => new() { Drop = reason, Family = family };
}
