using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Observability.Tenancy;

/// <summary>
/// What the watches have told, who owns it, and the snapshots made of it. Not for several threads at once: the directory's lock is held
/// around every call.
/// </summary>
internal sealed partial class ClusterState(
    TenancyOptions options, OwnershipLedger ledger, SnapshotPublisher publisher, TenancyMetrics metrics, TimeProvider time, ILogger logger)
    : IClusterView
{
    private readonly NamespaceView _namespaces = new();
    private readonly Dictionary<string, NodeObject> _nodes = new(StringComparer.Ordinal);
    private readonly ImmutableDictionary<string, DirectoryNamespace>.Builder _shownNamespaces = NamespaceTable.Empty.ByUid.ToBuilder();
    private readonly ImmutableDictionary<string, string>.Builder _liveUidByName = NamespaceTable.Empty.LiveUidByName.ToBuilder();
    private PodView? _podView;
    private bool _namespacesListed, _podsListed, _nodesListed, _namespacesChanged, _nodesChanged;
    private TenantTable? _publishedTenants;
    private long _namespacesHeardAt = time.GetTimestamp();

    /// <summary>Called with the name of a namespace that pods wait for and that the watch has not told enough of.</summary>
    public Action<string>? NamespaceWanted { get; init; }

    /// <summary>Everything of pods up to this revision is known.</summary>
    public ulong PodsRevision => Pods.ObservedRevision;

    public IEnumerable<string> WaitingNames => Pods.WaitingNames;

    public DirectoryFigures Figures => new(
        _namespaces.All.Count(entry => entry.IsLive), ledger.Conflicts, ledger.OverLimit, ledger.Tenants.ByUid.Count,
        Pods.LiveCount, Pods.RemovedCount, Pods.WaitingCount, time.GetElapsedTime(_namespacesHeardAt).TotalSeconds);

    private PodView Pods => _podView ??= new PodView(_namespaces);

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    public void ReplaceNamespaces(IReadOnlyCollection<NamespaceObject> namespaces, ulong resourceVersion)
    {
        HashSet<string> listed = [.. namespaces.Select(value => value.Uid)];
        List<NamespaceEntry> gone = [.. _namespaces.All.Where(entry => entry.IsLive && !listed.Contains(entry.Uid))];
        int room = options.MaxNamespaces - (_namespaces.Count - gone.Count);
        var taken = new List<NamespaceObject>();
        // The oldest first, so that the same namespaces have room after every restart.
        foreach (NamespaceObject value in namespaces.OrderBy(value => value.CreatedMs).ThenBy(value => value.Uid, StringComparer.Ordinal))
        {
            if (_namespaces.TryGet(value.Uid, out NamespaceEntry? known))
            {
                if (known.IsLive)
                    taken.Add(value);
            }
            else if (room-- > 0)
            {
                taken.Add(value);
            }
            else
            {
                Refuse(value);
            }
        }

        IEnumerable<string> ended = gone.Select(entry => entry.Uid);
        // At first also what was deleted while no process watched.
        if (!_namespacesListed)
            ended = ended.Concat(ledger.LoadOpenEpochs().Select(epoch => epoch.NamespaceUid).Where(uid => !listed.Contains(uid)));
        long nowMs = NowMs;
        ledger.Apply([.. ended.Distinct(StringComparer.Ordinal)], taken, nowMs);

        foreach (NamespaceEntry entry in gone)
            End(entry, _namespaces.ObservedRevision, nowMs);
        _namespaces.ObservedRevision = resourceVersion;
        foreach (NamespaceObject value in taken)
            Put(value);
        _namespacesListed = true;
        NamespacesMoved();
    }

    public void Upsert(NamespaceObject value)
    {
        Take(value);
        _namespaces.Observe(value.ResourceVersion);
        NamespacesMoved();
    }

    public void RemoveNamespace(string uid, ulong resourceVersion)
    {
        if (_namespaces.TryGet(uid, out NamespaceEntry? entry) && entry.IsLive)
        {
            long nowMs = NowMs;
            ledger.Apply([uid], [], nowMs);
            End(entry, Math.Max(_namespaces.ObservedRevision, Before(resourceVersion)), nowMs);
        }

        _namespaces.Observe(resourceVersion);
        NamespacesMoved();
    }

    public void NamespacesObservedAt(ulong resourceVersion)
    {
        _namespaces.Observe(resourceVersion);
        NamespacesMoved();
    }

    public void ReplacePods(IReadOnlyCollection<PodObject> pods, ulong resourceVersion)
    {
        HashSet<string> listed = [.. pods.Select(pod => pod.Uid)];
        foreach (PodEntry entry in Pods.All.Where(entry => entry.IsLive && !listed.Contains(entry.Uid)).ToList())
            End(entry, Pods.ObservedRevision);
        Pods.ObservedRevision = resourceVersion;
        foreach (PodObject pod in pods)
            Take(pod);
        _podsListed = true;
        PodsMoved();
    }

    public void Upsert(PodObject value)
    {
        Pods.Observe(value.ResourceVersion);
        Take(value);
        PodsMoved();
    }

    public void RemovePod(string uid, ulong resourceVersion)
    {
        if (Pods.TryGet(uid, out PodEntry? entry) && entry.IsLive)
            End(entry, Math.Max(Pods.ObservedRevision, Before(resourceVersion)));
        Pods.Observe(resourceVersion);
        PodsMoved();
    }

    public void PodsObservedAt(ulong resourceVersion)
    {
        Pods.Observe(resourceVersion);
        PodsMoved();
    }

    public void ReplaceNodes(IReadOnlyCollection<NodeObject> nodes, ulong resourceVersion)
    {
        _nodes.Clear();
        foreach (NodeObject node in nodes)
            _nodes[node.Uid] = node;
        _nodesListed = _nodesChanged = true;
        Publish();
    }

    public void Upsert(NodeObject value)
    {
        // A node's heartbeat changes nothing that anybody here asks for.
        if (_nodes.TryGetValue(value.Uid, out NodeObject? known) && value with { ResourceVersion = known.ResourceVersion } == known)
            return;
        _nodes[value.Uid] = value;
        _nodesChanged = true;
        Publish();
    }

    public void RemoveNode(string uid, ulong resourceVersion)
    {
        _nodesChanged |= _nodes.Remove(uid);
        Publish();
    }

    /// <summary>Nothing depends on how far the nodes are known.</summary>
    public void NodesObservedAt(ulong resourceVersion)
    {
    }

    /// <summary>Takes an answer of the API server about one namespace, which was asked for when pods were known up to a revision.</summary>
    public void Confirmed(NamespaceObject value, ulong podsRevision)
    {
        Take(value);
        if (_namespaces.TryGet(value.Uid, out NamespaceEntry? entry) && entry.IsLive)
            entry.LastRevision = Math.Max(entry.LastRevision, podsRevision);
        BindWaiting(value.Name);
        Publish();
    }

    /// <summary>Asks the providers about every namespace again.</summary>
    public void Reassign()
    {
        List<NamespaceObject> live = [.. _namespaces.All.Where(entry => entry.IsLive).Select(entry => entry.Object).OrderBy(value => value.CreatedMs)];
        foreach (string uid in ledger.Apply([], live, NowMs))
        {
            if (_namespaces.TryGet(uid, out NamespaceEntry? entry))
                Show(entry);
        }

        Publish();
    }

    /// <summary>Forgets what ended long enough ago.</summary>
    public void ForgetEnded()
    {
        long beforeMs = NowMs - (long)options.DeletedGrace.TotalMilliseconds;
        while (Pods.TryForgetOldest(beforeMs, options.MaxDeletedPods, out PodEntry? pod))
            publisher.Remove(pod.Uid);
        foreach (NamespaceEntry entry in _namespaces.All
            .Where(entry => entry.RemovedAtMs < beforeMs && Pods.Members(entry.Uid).Count == 0)
            .ToList())
        {
            _namespaces.Forget(entry);
            ledger.Forget(entry.Uid);
            _namespacesChanged |= _shownNamespaces.Remove(entry.Uid);
        }

        Publish();
    }

    // A deletion's event carries the revision of the deletion: until just before it the object was there.
    private static ulong Before(ulong revision) => revision == 0 ? 0 : revision - 1;

    private void Take(NamespaceObject value)
    {
        var ended = new List<string>();
        NamespaceEntry? predecessor = null;
        if (_namespaces.TryGet(value.Uid, out NamespaceEntry? known))
        {
            // An answer to a question may be ahead of the watch, which then tells older news; and a UID never comes back.
            if (!known.IsLive || value.ResourceVersion < known.Object.ResourceVersion)
                return;
        }
        else
        {
            predecessor = _namespaces.LiveNamed(value.Name);
            if (predecessor is not null)
            {
                if (value.ResourceVersion < predecessor.FirstRevision)
                    return;
                ended.Add(predecessor.Uid);
            }

            if (_namespaces.Count >= options.MaxNamespaces)
            {
                Refuse(value);
                return;
            }
        }

        long nowMs = NowMs;
        ledger.Apply(ended, [value], nowMs);
        if (predecessor is not null)
            End(predecessor, _namespaces.ObservedRevision, nowMs);
        Put(value);
    }

    private void Put(NamespaceObject value)
    {
        if (!_namespaces.TryGet(value.Uid, out NamespaceEntry? entry))
        {
            entry = new NamespaceEntry(value, ledger.IsNameReused(value.Name, value.Uid));
            _namespaces.Add(entry);
        }
        else if (value.ResourceVersion >= entry.Object.ResourceVersion)
        {
            entry.Object = value;
        }

        Show(entry);
    }

    private void End(NamespaceEntry entry, ulong lastRevision, long nowMs)
    {
        NamespaceView.End(entry, lastRevision, nowMs);
        Show(entry);
    }

    /// <summary>Brings the namespace into the next snapshot, and its pods where its owner is another than before.</summary>
    private void Show(NamespaceEntry entry)
    {
        OwnershipEpoch epoch = ledger.Last(entry.Uid);
        var shown = new DirectoryNamespace(
            entry.Object.Name, entry.Uid, epoch.Tenant, Math.Max(entry.NameFromMs, epoch.FromMs), entry.IsLive);
        DirectoryNamespace? before = _shownNamespaces.GetValueOrDefault(entry.Uid);
        if (before == shown)
            return;
        _namespacesChanged = true;
        _shownNamespaces[entry.Uid] = shown;
        if (entry.IsLive)
            _liveUidByName[shown.Name] = shown.Uid;
        else if (_liveUidByName.TryGetValue(shown.Name, out string? live) && live == shown.Uid)
            _liveUidByName.Remove(shown.Name);
        if (before?.Tenant == shown.Tenant)
            return;
        foreach (PodEntry pod in Pods.Members(entry.Uid))
            Show(pod);
    }

    private void Take(PodObject value)
    {
        if (!Pods.TryGet(value.Uid, out PodEntry? entry))
        {
            if (Pods.LiveCount >= options.MaxPods)
            {
                metrics.Refused("pod");
                LogTooManyPods(value.Namespace, value.Name, options.MaxPods);
                return;
            }

            entry = new PodEntry(value);
            Pods.Add(entry);
            Bind(entry);
            return;
        }

        if (!entry.IsLive || value.ResourceVersion < entry.Object.ResourceVersion)
            return;
        // Neither can change for a UID; were it otherwise, a pod could walk into another tenant's namespace.
        entry.Object = value with { Namespace = entry.Object.Namespace, Name = entry.Object.Name };
        Bind(entry);
    }

    private void End(PodEntry entry, ulong lastRevision)
    {
        Pods.End(entry, lastRevision, NowMs);
        Bind(entry);
        if (Pods.RemovedCount > options.MaxDeletedPods)
            ForgetEnded();
    }

    private void Bind(PodEntry entry)
    {
        switch (Pods.Bind(entry))
        {
            case BindingState.Bound:
                Show(entry);
                break;
            case BindingState.NamespacesBehind when entry.IsLive:
                NamespaceWanted?.Invoke(entry.Object.Namespace);
                break;
        }
    }

    private void BindWaiting(string namespaceName)
    {
        foreach (PodEntry entry in Pods.Waiting(namespaceName).ToList())
            Bind(entry);
    }

    private void NamespacesMoved()
    {
        _namespacesHeardAt = time.GetTimestamp();
        foreach (string name in Pods.WaitingNames.ToList())
            BindWaiting(name);
        Publish();
    }

    private void PodsMoved()
    {
        if (Pods.PodsBehind.Count > 0)
        {
            foreach (PodEntry entry in Pods.PodsBehind.ToList())
                Bind(entry);
        }

        Publish();
    }

    private void Show(PodEntry entry)
    {
        string namespaceUid = entry.NamespaceUid!; // called for bound pods
        publisher.Set(new DirectoryPod(
            entry.Object, namespaceUid, ledger.Last(namespaceUid).Tenant, entry.Object.StartedMs ?? entry.Object.CreatedMs, entry.RemovedAtMs));
    }

    private void Publish()
    {
        NamespaceTable? namespaces = _namespacesChanged
            ? new NamespaceTable(_shownNamespaces.ToImmutable(), _liveUidByName.ToImmutable(), ledger.Epochs)
            : null;
        TenantTable? tenants = ReferenceEquals(_publishedTenants, ledger.Tenants) ? null : ledger.Tenants;
        NodeTable? nodes = _nodesChanged
            ? new NodeTable(_nodes.ToImmutableDictionary(StringComparer.Ordinal))
            : null;
        _namespacesChanged = _nodesChanged = false;
        _publishedTenants = ledger.Tenants;
        publisher.Publish(_namespacesListed, _namespacesListed && _podsListed && _nodesListed, namespaces, tenants, nodes);
    }

    private void Refuse(NamespaceObject value)
    {
        metrics.Refused("namespace");
        LogTooManyNamespaces(value.Name, options.MaxNamespaces);
    }

    [LoggerMessage(EventId = 3030, Level = LogLevel.Warning, Message = "Namespace {Namespace} is not taken: {Limit} are known, the most allowed; its pods stay unresolved")]
    private partial void LogTooManyNamespaces(string @namespace, int limit);

    [LoggerMessage(EventId = 3031, Level = LogLevel.Warning, Message = "Pod {Namespace}/{Pod} is not taken: {Limit} are known, the most allowed")]
    private partial void LogTooManyPods(string @namespace, string pod, int limit);
}
