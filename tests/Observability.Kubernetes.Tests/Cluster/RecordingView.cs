using Observability.Tenancy;

namespace Observability.Kubernetes.Tests.Cluster;

/// <summary>Keeps what watches feed, and every call in its order; a test waits for a state, never for a while.</summary>
internal sealed class RecordingView : IClusterView
{
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];
    private TaskCompletionSource _changed = NewSource();

    public Dictionary<string, NamespaceObject> Namespaces { get; } = [];

    public Dictionary<string, PodObject> Pods { get; } = [];

    public Dictionary<string, NodeObject> Nodes { get; } = [];

    public ulong NamespacesSeen { get; private set; }

    public ulong PodsSeen { get; private set; }

    public ulong NodesSeen { get; private set; }

    /// <summary>Thrown by the next call, once.</summary>
    public Exception? Refusal { get; set; }

    public T Read<T>(Func<RecordingView, IReadOnlyList<string>, T> read)
    {
        lock (_gate)
            return read(this, _calls);
    }

    public async Task UntilAsync(Func<RecordingView, IReadOnlyList<string>, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (holds(this, _calls))
                    return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(limit.Token);
        }
    }

    public void ReplaceNamespaces(IReadOnlyCollection<NamespaceObject> namespaces, ulong resourceVersion) =>
        Take("replace namespaces", () => NamespacesSeen = Replace(Namespaces, namespaces, item => item.Uid, resourceVersion));

    public void Upsert(NamespaceObject value) => Take($"namespace {value.Name} {value.Uid}{(value.DeletedMs is null ? "" : " terminating")}", () =>
    {
        Namespaces[value.Uid] = value;
        NamespacesSeen = value.ResourceVersion;
    });

    public void RemoveNamespace(string uid, ulong resourceVersion) => Take($"namespace gone {uid}", () =>
    {
        Namespaces.Remove(uid);
        NamespacesSeen = resourceVersion;
    });

    public void NamespacesObservedAt(ulong resourceVersion) => Take("namespaces observed", () => NamespacesSeen = resourceVersion);

    public void ReplacePods(IReadOnlyCollection<PodObject> pods, ulong resourceVersion) =>
        Take("replace pods", () => PodsSeen = Replace(Pods, pods, item => item.Uid, resourceVersion));

    public void Upsert(PodObject value) => Take($"pod {value.Namespace}/{value.Name}", () =>
    {
        Pods[value.Uid] = value;
        PodsSeen = value.ResourceVersion;
    });

    public void RemovePod(string uid, ulong resourceVersion) => Take($"pod gone {uid}", () =>
    {
        Pods.Remove(uid);
        PodsSeen = resourceVersion;
    });

    public void PodsObservedAt(ulong resourceVersion) => Take("pods observed", () => PodsSeen = resourceVersion);

    public void ReplaceNodes(IReadOnlyCollection<NodeObject> nodes, ulong resourceVersion) =>
        Take("replace nodes", () => NodesSeen = Replace(Nodes, nodes, item => item.Uid, resourceVersion));

    public void Upsert(NodeObject value) => Take($"node {value.Name}", () =>
    {
        Nodes[value.Uid] = value;
        NodesSeen = value.ResourceVersion;
    });

    public void RemoveNode(string uid, ulong resourceVersion) => Take($"node gone {uid}", () =>
    {
        Nodes.Remove(uid);
        NodesSeen = resourceVersion;
    });

    public void NodesObservedAt(ulong resourceVersion) => Take("nodes observed", () => NodesSeen = resourceVersion);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ulong Replace<T>(Dictionary<string, T> all, IReadOnlyCollection<T> items, Func<T, string> key, ulong version)
    {
        all.Clear();
        foreach (T item in items)
            all.Add(key(item), item);
        return version;
    }

    private void Take(string call, Action action)
    {
        lock (_gate)
        {
            if (Refusal is { } refusal)
            {
                Refusal = null;
                throw refusal;
            }
            action();
            _calls.Add(call);
            TaskCompletionSource changed = _changed;
            _changed = NewSource();
            changed.SetResult();
        }
    }
}
