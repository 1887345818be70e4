namespace Observability.Tenancy;

/// <summary>A namespace and the revisions at which it is known to have existed.</summary>
internal sealed class NamespaceEntry(NamespaceObject value, bool isNameReused)
{
    public NamespaceObject Object { get; set; } = value;

    public string Uid => Object.Uid;

    /// <summary>Lowest revision at which the namespace was seen.</summary>
    public ulong FirstRevision { get; } = value.ResourceVersion;

    /// <summary>Highest revision at which it was seen by other means than the watch; once removed, by any means.</summary>
    public ulong LastRevision { get; set; } = value.ResourceVersion;

    public long? RemovedAtMs { get; set; }

    public bool IsLive => RemovedAtMs is null;

    /// <summary>
    /// From when on what carries this name can only be this namespace's. Creation times are cut to whole seconds, so where another
    /// namespace had the name, the rest of the second in which this one was made counts for neither.
    /// </summary>
    public long NameFromMs => isNameReused ? Object.CreatedMs + 1000 : Object.CreatedMs;
}
