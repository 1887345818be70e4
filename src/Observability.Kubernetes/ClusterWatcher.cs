using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observability.Kubernetes.Objects;
using Observability.Kubernetes.Watching;
using Observability.Tenancy;

namespace Observability.Kubernetes;

/// <summary>
/// Feeds a cluster's namespaces, nodes and pods to a view for as long as the host runs: each a list, then its events in order, and another
/// list whenever the watch cannot go on. Pods are listed before namespaces, so that the first view of namespaces is no older than any pod
/// of the first list. No failure of the API server ends it; what is known stays, and <see cref="IClusterSync"/> tells how old it is.
/// </summary>
public sealed class ClusterWatcher : BackgroundService, IClusterSync
{
    private readonly Reflector<WirePod, PodObject> _pods;
    private readonly Reflector<WireNamespace, NamespaceObject> _namespaces;
    private readonly Reflector<WireNode, NodeObject> _nodes;
    private readonly WatchState _podState;
    private readonly WatchState _namespaceState;
    private readonly WatchState _nodeState;
    private readonly WatchState[] _states;
    private readonly WatchMetrics _metrics;

    public ClusterWatcher(
        ClusterConnection connection, IClusterView view, TimeProvider time, IMeterFactory meters, ILogger<ClusterWatcher> logger)
    {
        _podState = new WatchState("pods", time);
        _namespaceState = new WatchState("namespaces", time);
        _nodeState = new WatchState("nodes", time);
        _states = [_podState, _namespaceState, _nodeState];
        _metrics = new WatchMetrics(meters, _states);
        _pods = new(connection, new Pods(view), _podState, _metrics, time, logger);
        _namespaces = new(connection, new Namespaces(view), _namespaceState, _metrics, time, logger);
        _nodes = new(connection, new Nodes(view), _nodeState, _metrics, time, logger);
    }

    public bool IsSynced => Array.TrueForAll(_states, state => state.Synced.IsCompleted);

    public TimeSpan Lag => _states.Max(state => state.Lag);

    public IReadOnlyList<WatchStatus> Watches => [.. _states.Select(state => state.Status)];

    /// <summary>Done when all three kinds have been listed once.</summary>
    public Task WhenSyncedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_states.Select(state => state.Synced)).WaitAsync(cancellationToken);

    public override void Dispose()
    {
        _metrics.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            Task pods = _pods.RunAsync(stoppingToken);
            await (await Task.WhenAny(_podState.Synced, pods)).WaitAsync(stoppingToken);
            await Task.WhenAll(pods, _namespaces.RunAsync(stoppingToken), _nodes.RunAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends: a service that ends with an exception would be reported as failed.
        }
    }
}
