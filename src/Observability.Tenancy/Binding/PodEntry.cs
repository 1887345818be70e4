namespace Observability.Tenancy;

/// <summary>A pod, the revisions at which it is known to have existed, and the namespace it was proven to be in.</summary>
internal sealed class PodEntry(PodObject value)
{
    public PodObject Object { get; set; } = value;

    public string Uid => Object.Uid;

    /// <summary>Lowest revision at which the pod was seen.</summary>
    public ulong FirstRevision { get; } = value.ResourceVersion;

    /// <summary>Highest revision at which it existed; counts once it is removed, until then the watch says.</summary>
    public ulong LastRevision { get; set; }

    public long? RemovedAtMs { get; set; }

    public bool IsLive => RemovedAtMs is null;

    /// <summary>Null while unresolved; never changes after that.</summary>
    public string? NamespaceUid { get; set; }
}
