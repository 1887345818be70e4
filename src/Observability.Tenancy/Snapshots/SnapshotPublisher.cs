using System.Collections.Immutable;

namespace Observability.Tenancy;

/// <summary>Collects what an event changed, publishes it as one snapshot and tells the subscribers. Writers hold the directory's lock.</summary>
internal sealed class SnapshotPublisher(int maxPendingChanges)
{
    private readonly Lock _subscriptionsLock = new();
    private readonly Dictionary<string, List<DirectorySubscription>> _subscriptions = new(StringComparer.Ordinal);
    private readonly ImmutableDictionary<string, DirectoryPod>.Builder _pods = PodTable.Empty.ByUid.ToBuilder();
    private readonly ImmutableDictionary<string, NodePods>.Builder _byNode = PodTable.Empty.ByNode.ToBuilder();
    private readonly List<(string Node, string Uid, DirectoryPod? Pod)> _changes = [];
    private DirectorySnapshot _current = new(0, false, false, NamespaceTable.Empty, TenantTable.Empty, NodeTable.Empty, PodTable.Empty);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _dirty;

    public DirectorySnapshot Current => Volatile.Read(ref _current);

    public DirectorySubscription Subscribe(string node)
    {
        var subscription = new DirectorySubscription(node, maxPendingChanges, () => Current, Unsubscribe);
        lock (_subscriptionsLock)
        {
            if (!_subscriptions.TryGetValue(node, out List<DirectorySubscription>? list))
                _subscriptions.Add(node, list = []);
            list.Add(subscription);
        }

        return subscription;
    }

    public async Task WaitForChangeAsync(long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The signal first: a version published after it was read completes it.
            Task changed = Volatile.Read(ref _changed).Task;
            if (Current.Version > version)
                return;
            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Set(DirectoryPod pod)
    {
        if (_pods.TryGetValue(pod.Uid, out DirectoryPod? before) && before == pod)
            return;
        _pods[pod.Uid] = pod;
        _dirty = true;
        if (pod.Pod.Node.Length == 0)
            return;
        _byNode[pod.Pod.Node] = _byNode.GetValueOrDefault(pod.Pod.Node, NodePods.Empty).With(pod);
        if (before is null || MattersToNode(before, pod))
            _changes.Add((pod.Pod.Node, pod.Uid, pod));
    }

    public void Remove(string uid)
    {
        if (!_pods.TryGetValue(uid, out DirectoryPod? pod))
            return;
        _pods.Remove(uid);
        _dirty = true;
        string node = pod.Pod.Node;
        if (node.Length == 0 || !_byNode.TryGetValue(node, out NodePods? pods))
            return;
        pods = pods.Without(uid);
        if (pods.IsEmpty)
            _byNode.Remove(node);
        else
            _byNode[node] = pods;
        _changes.Add((node, uid, null));
    }

    /// <summary>Publishes if anything changed; null stands for a part as it was.</summary>
    public void Publish(bool namespacesListed, bool complete, NamespaceTable? namespaces = null, TenantTable? tenants = null, NodeTable? nodes = null)
    {
        if (!_dirty && namespaces is null && tenants is null && nodes is null &&
            namespacesListed == _current.NamespacesListed && complete == _current.Complete)
            return;
        var next = new DirectorySnapshot(
            _current.Version + 1,
            namespacesListed,
            complete,
            namespaces ?? _current.NamespaceTable,
            tenants ?? _current.TenantTable,
            nodes ?? _current.NodeTable,
            _dirty ? new PodTable(_pods.ToImmutable(), _byNode.ToImmutable()) : _current.PodTable);
        Volatile.Write(ref _current, next);
        _dirty = false;
        Tell(next.Version);
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    // A status that changes many times in a pod's life is in the snapshot; a collector needs to hear only of this.
    private static bool MattersToNode(DirectoryPod before, DirectoryPod now) =>
        before.Tenant != now.Tenant || before.UntilMs != now.UntilMs || before.Pod.Node != now.Pod.Node ||
        before.Pod.CgroupUid != now.Pod.CgroupUid || before.Pod.HostNetwork != now.Pod.HostNetwork;

    private void Tell(long version)
    {
        lock (_subscriptionsLock)
        {
            foreach ((string node, string uid, DirectoryPod? pod) in _changes)
            {
                if (!_subscriptions.TryGetValue(node, out List<DirectorySubscription>? list))
                    continue;
                foreach (DirectorySubscription subscription in list)
                    subscription.Offer(uid, pod, version);
            }
        }

        _changes.Clear();
    }

    private void Unsubscribe(DirectorySubscription subscription)
    {
        lock (_subscriptionsLock)
        {
            if (!_subscriptions.TryGetValue(subscription.Node, out List<DirectorySubscription>? list))
                return;
            list.Remove(subscription);
            if (list.Count == 0)
                _subscriptions.Remove(subscription.Node);
        }
    }
}
