using System.Diagnostics.CodeAnalysis;

namespace Observability.Tenancy;

/// <summary>
/// The pods, live and lately deleted, and the rule that binds them to namespaces: a pod and a namespace that existed at the same revision
/// under the same name belong together, since one name is one namespace at any revision. Names alone prove nothing: the watches of
/// the two kinds run apart, and a namespace may be deleted and created again for another tenant between two of their events.
/// </summary>
internal sealed class PodView(NamespaceView namespaces)
{
    private readonly Dictionary<string, PodEntry> _byUid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<PodEntry>> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<PodEntry>> _members = new(StringComparer.Ordinal);
    private readonly HashSet<PodEntry> _podsBehind = [];
    private readonly Queue<PodEntry> _removed = [];

    /// <summary>Everything of pods up to this revision is known.</summary>
    public ulong ObservedRevision { get; set; }

    public IReadOnlyCollection<PodEntry> All => _byUid.Values;

    public int LiveCount => _byUid.Count - _removed.Count;

    public int RemovedCount => _removed.Count;

    public int WaitingCount { get; private set; }

    public IEnumerable<string> WaitingNames => _waiting.Keys;

    public bool TryGet(string uid, [NotNullWhen(true)] out PodEntry? entry) => _byUid.TryGetValue(uid, out entry);

    public void Observe(ulong revision) => ObservedRevision = Math.Max(ObservedRevision, revision);

    public IReadOnlyCollection<PodEntry> Waiting(string namespaceName) =>
        _waiting.TryGetValue(namespaceName, out HashSet<PodEntry>? pods) ? pods : [];

    /// <summary>Unresolved pods for which the view of pods itself has to move on.</summary>
    public IReadOnlyCollection<PodEntry> PodsBehind => _podsBehind;

    public IReadOnlyCollection<PodEntry> Members(string namespaceUid) =>
        _members.TryGetValue(namespaceUid, out HashSet<PodEntry>? pods) ? pods : [];

    public void Add(PodEntry entry)
    {
        _byUid.Add(entry.Uid, entry);
        Wait(entry);
    }

    /// <summary>Binds the pod if it can be proven where it belongs.</summary>
    public BindingState Bind(PodEntry entry)
    {
        if (entry.NamespaceUid is not null)
            return BindingState.Bound;
        ulong podLast = entry.IsLive ? Math.Max(ObservedRevision, entry.Object.ResourceVersion) : entry.LastRevision;
        var state = BindingState.NoNamespace;
        IReadOnlyList<NamespaceEntry> candidates = namespaces.Named(entry.Object.Namespace);
        foreach (NamespaceEntry candidate in candidates)
        {
            // Forced finalization can leave pods behind in a name that is given to another namespace: they stay where they came from.
            // A terminating namespace takes no new pods.
            NamespaceObject value = candidate.Object;
            if (entry.Object.CreatedMs < value.CreatedMs || entry.Object.CreatedMs > value.DeletedMs)
                continue;
            ulong namespaceLast = namespaces.LastRevision(candidate);
            if (Math.Max(entry.FirstRevision, candidate.FirstRevision) <= Math.Min(podLast, namespaceLast))
            {
                Bound(entry, candidate.Uid);
                return BindingState.Bound;
            }

            if (candidate.IsLive && podLast < candidate.FirstRevision)
                state = BindingState.PodsBehind;
        }

        // The next event of namespaces can bring the right one as long as they are not known up to where the pod was.
        if (state != BindingState.PodsBehind && namespaces.ObservedRevision < entry.FirstRevision)
            state = BindingState.NamespacesBehind;
        if (state == BindingState.PodsBehind)
            _podsBehind.Add(entry);
        else
            _podsBehind.Remove(entry);
        return state;
    }

    public void End(PodEntry entry, ulong lastRevision, long nowMs)
    {
        entry.LastRevision = Math.Max(lastRevision, entry.Object.ResourceVersion);
        entry.RemovedAtMs = nowMs;
        _removed.Enqueue(entry);
    }

    /// <summary>Forgets the pod that ended first, if it did so before that time or more than so many ended.</summary>
    public bool TryForgetOldest(long endedBeforeMs, int keep, [NotNullWhen(true)] out PodEntry? forgotten)
    {
        if (!_removed.TryPeek(out forgotten) || (forgotten.RemovedAtMs >= endedBeforeMs && _removed.Count <= keep))
            return false;
        _removed.Dequeue();
        _byUid.Remove(forgotten.Uid);
        StopWaiting(forgotten);
        if (forgotten.NamespaceUid is { } uid && _members.TryGetValue(uid, out HashSet<PodEntry>? members))
        {
            members.Remove(forgotten);
            if (members.Count == 0)
                _members.Remove(uid);
        }

        return true;
    }

    private void Bound(PodEntry entry, string namespaceUid)
    {
        entry.NamespaceUid = namespaceUid;
        StopWaiting(entry);
        if (!_members.TryGetValue(namespaceUid, out HashSet<PodEntry>? members))
            _members.Add(namespaceUid, members = []);
        members.Add(entry);
    }

    private void Wait(PodEntry entry)
    {
        if (!_waiting.TryGetValue(entry.Object.Namespace, out HashSet<PodEntry>? pods))
            _waiting.Add(entry.Object.Namespace, pods = []);
        pods.Add(entry);
        WaitingCount++;
    }

    private void StopWaiting(PodEntry entry)
    {
        _podsBehind.Remove(entry);
        if (!_waiting.TryGetValue(entry.Object.Namespace, out HashSet<PodEntry>? pods) || !pods.Remove(entry))
            return;
        WaitingCount--;
        if (pods.Count == 0)
            _waiting.Remove(entry.Object.Namespace);
    }
}
