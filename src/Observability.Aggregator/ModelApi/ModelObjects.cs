using Observability.Aggregator.ModelApi.Catalogue;
using Observability.Model;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.ModelApi;

/// <summary>
/// The objects that a scope holds. Listed is what has live rows; what the directory knows in the scope exists as well, though it may
/// have no row yet. Lists are sorted (ordinal); null where the object that is listed does not exist for the caller.
/// </summary>
internal sealed class ModelObjects(MetricStore store, Func<DirectorySnapshot> directory, TimeProvider time)
{
    private readonly LiveRows _rows = new(store);

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    internal IReadOnlyList<string>? Namespaces(TenantScope scope, CancellationToken cancellationToken) =>
        scope.IsEmpty ? null : Names(scope, StoredRows.PodPresence, ObjectPath.Everything, LabelNames.Namespace, cancellationToken);

    internal IReadOnlyList<string>? Pods(TenantScope scope, string @namespace, CancellationToken cancellationToken)
    {
        ObjectPath path = ObjectPath.OfNamespace(@namespace);
        return OrNull(scope, path, Names(scope, StoredRows.PodPresence, path, LabelNames.Pod, cancellationToken), cancellationToken);
    }

    internal IReadOnlyList<string>? Containers(TenantScope scope, string @namespace, string pod, CancellationToken cancellationToken)
    {
        ObjectPath path = ObjectPath.OfPod(@namespace, pod);
        return OrNull(scope, path, Names(scope, StoredRows.ContainerPresence, path, LabelNames.Container, cancellationToken), cancellationToken);
    }

    internal IReadOnlyList<string>? Nodes(TenantScope scope, CancellationToken cancellationToken) =>
        scope.SeesNodes() ? Names(scope, StoredRows.NodePresence, ObjectPath.Everything, LabelNames.Node, cancellationToken) : null;

    internal IReadOnlyList<string>? SystemContainers(TenantScope scope, string node, CancellationToken cancellationToken)
    {
        if (!scope.SeesNodes())
            return null;
        ObjectPath path = ObjectPath.OfNode(node);
        IReadOnlyList<string> names = [.. Names(scope, StoredRows.SlicePresence, path, "id", cancellationToken)
            .Select(SystemContainerName.FromId).Order(StringComparer.Ordinal)];
        return OrNull(scope, path, names, cancellationToken);
    }

    /// <summary>Display names of the tenants that the scope holds a part of.</summary>
    internal IReadOnlyList<string> Tenants(TenantScope scope)
    {
        HashSet<TenantUid> held = [.. scope.Grants.Select(grant => grant.Tenant)];
        return [.. directory().Tenants.Where(tenant => held.Contains(tenant.Uid)).Select(tenant => tenant.Name.ToString()).Order(StringComparer.Ordinal)];
    }

    /// <summary>The keys of Heapster's debug list: every live object in the scope.</summary>
    internal IReadOnlyList<string>? AllKeys(TenantScope scope, CancellationToken cancellationToken)
    {
        if (scope.IsEmpty)
            return null;
        long nowMs = NowMs;
        SortedSet<string> keys = new(StringComparer.Ordinal) { "cluster" };
        foreach (LabelSet labels in _rows.Of(scope, StoredRows.PodPresence, [], nowMs, cancellationToken))
        {
            string key = "namespace:" + labels[LabelNames.Namespace];
            keys.Add(key);
            keys.Add(key += "/pod:" + labels[LabelNames.Pod]);
            if (labels[LabelNames.Container] is { } container)
                keys.Add(key + "/container:" + container);
        }
        if (scope.SeesNodes())
        {
            foreach (LabelSet labels in _rows.Of(scope, StoredRows.NodePresence, [], nowMs, cancellationToken))
                keys.Add("node:" + labels[LabelNames.Node]);
            foreach (LabelSet labels in _rows.Of(scope, StoredRows.SlicePresence, [], nowMs, cancellationToken))
                keys.Add("node:" + labels[LabelNames.Node] + "/container:" + SystemContainerName.FromId(labels["id"] ?? ""));
        }
        return [.. keys];
    }

    /// <summary>True where the object has live rows in the scope, or the directory knows it there.</summary>
    internal bool Exists(TenantScope scope, ObjectPath path, long nowMs, CancellationToken cancellationToken)
    {
        SourceSeries rows;
        switch (path.LevelFor(scope))
        {
            case ObjectLevel.Cluster or ObjectLevel.Tenant:
                return !scope.IsEmpty;
            case ObjectLevel.Node or ObjectLevel.SystemContainer when !scope.SeesNodes():
                return false;
            case ObjectLevel.Node:
                rows = StoredRows.NodePresence;
                break;
            case ObjectLevel.SystemContainer:
                rows = StoredRows.SlicePresence;
                break;
            case ObjectLevel.Container:
                rows = StoredRows.ContainerPresence;
                break;
            default:
                rows = StoredRows.PodPresence;
                break;
        }
        return _rows.Of(scope, rows, path.Matchers(), nowMs, cancellationToken).Any() || IsInDirectory(scope, path);
    }

    private bool IsInDirectory(TenantScope scope, ObjectPath path)
    {
        DirectorySnapshot snapshot = directory();
        if (path.Node is { } node)
            return path.Container is null && snapshot.Nodes.Any(known => string.Equals(known.Name, node, StringComparison.Ordinal));
        if (path.Namespace is not { } name || !snapshot.TryGetNamespace(name, out DirectoryNamespace? @namespace) || !scope.Holds(@namespace))
            return false;
        return path.Pod is null || snapshot.Pods.Any(pod => pod.Live &&
            string.Equals(pod.NamespaceUid, @namespace.Uid, StringComparison.Ordinal) && // of the namespace that is the caller's now
            string.Equals(pod.Pod.Name, path.Pod, StringComparison.Ordinal) &&
            (path.Container is null || pod.Pod.Containers.Any(container => string.Equals(container.Name, path.Container, StringComparison.Ordinal))));
    }

    private List<string> Names(TenantScope scope, SourceSeries rows, ObjectPath path, string label, CancellationToken cancellationToken)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (LabelSet labels in _rows.Of(scope, rows, path.Matchers(), NowMs, cancellationToken))
        {
            if (labels[label] is { } name)
                names.Add(name);
        }
        return [.. names];
    }

    private IReadOnlyList<string>? OrNull(TenantScope scope, ObjectPath path, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        names.Count > 0 || Exists(scope, path, NowMs, cancellationToken) ? names : null;
}
