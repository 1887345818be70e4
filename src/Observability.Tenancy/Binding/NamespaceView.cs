using System.Diagnostics.CodeAnalysis;

namespace Observability.Tenancy;

/// <summary>The namespaces, live and lately deleted, as far as the watch has told.</summary>
internal sealed class NamespaceView
{
    private readonly Dictionary<string, NamespaceEntry> _byUid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NamespaceEntry>> _byName = new(StringComparer.Ordinal);

    /// <summary>Everything of namespaces up to this revision is known.</summary>
    public ulong ObservedRevision { get; set; }

    public IReadOnlyCollection<NamespaceEntry> All => _byUid.Values;

    public int Count => _byUid.Count;

    public bool TryGet(string uid, [NotNullWhen(true)] out NamespaceEntry? entry) => _byUid.TryGetValue(uid, out entry);

    /// <summary>All of that name, in the order in which they came.</summary>
    public IReadOnlyList<NamespaceEntry> Named(string name) => _byName.TryGetValue(name, out List<NamespaceEntry>? entries) ? entries : [];

    public NamespaceEntry? LiveNamed(string name) => Named(name).LastOrDefault(entry => entry.IsLive);

    public void Observe(ulong revision) => ObservedRevision = Math.Max(ObservedRevision, revision);

    public void Add(NamespaceEntry entry)
    {
        _byUid.Add(entry.Uid, entry);
        if (!_byName.TryGetValue(entry.Object.Name, out List<NamespaceEntry>? entries))
            _byName.Add(entry.Object.Name, entries = []);
        entries.Add(entry);
    }

    /// <param name="entry">A live namespace.</param>
    /// <param name="lastRevision">A revision at which it certainly existed still.</param>
    /// <param name="nowMs">When its end was seen.</param>
    public static void End(NamespaceEntry entry, ulong lastRevision, long nowMs)
    {
        entry.LastRevision = Math.Max(entry.LastRevision, lastRevision);
        entry.RemovedAtMs = nowMs;
    }

    public void Forget(NamespaceEntry entry)
    {
        _byUid.Remove(entry.Uid);
        List<NamespaceEntry> entries = _byName[entry.Object.Name];
        entries.Remove(entry);
        if (entries.Count == 0)
            _byName.Remove(entry.Object.Name);
    }

    public ulong LastRevision(NamespaceEntry entry) =>
        entry.IsLive ? Math.Max(ObservedRevision, entry.LastRevision) : entry.LastRevision;
}
