using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Observability.Tenancy;

/// <summary>
/// Who owns which namespace and which pod, since when. Fed by watches, read through immutable snapshots. Ownership survives a restart;
/// all else is what the watches tell.
/// </summary>
public sealed partial class TenantDirectory : IClusterView, IDisposable
{
    private const int ConfirmationsPerSweep = 64;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConfirmationTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly ITenantProvider[] _providers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly INamespaceConfirmer? _confirmer;
    private readonly OwnershipLedger _ledger;
    private readonly SnapshotPublisher _publisher;
    private readonly ClusterState _state;
    private readonly TenancyMetrics _metrics;
    private readonly ConfirmationQueue? _confirmations;
    private readonly ITimer _sweep;
    private bool _reassign;
    private bool _disposed;

    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The ownership file cannot be used.</exception>
    public TenantDirectory(
        TenancyOptions options,
        IEnumerable<ITenantProvider> providers,
        TimeProvider time,
        IMeterFactory meters,
        ILogger<TenantDirectory> logger,
        INamespaceConfirmer? confirmer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _providers = [.. providers];
        _time = time;
        _logger = logger;
        _confirmer = confirmer;
        _ledger = new OwnershipLedger(
            new OwnershipStore(options.OwnershipFile, options.Cluster),
            new ClaimResolver(_providers, options.SystemNamespaces, logger),
            options,
            logger);
        _publisher = new SnapshotPublisher(options.MaxPendingChanges);
        _publisher.Publish(namespacesListed: false, complete: false, tenants: _ledger.Tenants);
        _metrics = new TenancyMetrics(meters, ReadFigures);
        if (confirmer is not null)
            _confirmations = new ConfirmationQueue(options.MaxConcurrentConfirmations, ConfirmAsync);
        _state = new ClusterState(options, _ledger, _publisher, _metrics, time, logger) { NamespaceWanted = name => _confirmations?.Ask(name) };
        foreach (ITenantProvider provider in _providers)
            provider.Changed += OnProviderChanged;
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    public DirectorySnapshot Current => _publisher.Current;

    /// <summary>Completes when <see cref="Current"/> has a version above the given one.</summary>
    public Task WaitForChangeAsync(long version, CancellationToken cancellationToken) =>
        _publisher.WaitForChangeAsync(version, cancellationToken);

    /// <summary>Changes of the pods of one node, the full state first. To be disposed by its reader.</summary>
    public DirectorySubscription Subscribe(string node) => _publisher.Subscribe(node);

    public void ReplaceNamespaces(IReadOnlyCollection<NamespaceObject> namespaces, ulong resourceVersion)
    {
        lock (_gate)
            _state.ReplaceNamespaces(namespaces, resourceVersion);
    }

    public void Upsert(NamespaceObject value)
    {
        lock (_gate)
            _state.Upsert(value);
    }

    public void RemoveNamespace(string uid, ulong resourceVersion)
    {
        lock (_gate)
            _state.RemoveNamespace(uid, resourceVersion);
    }

    public void NamespacesObservedAt(ulong resourceVersion)
    {
        lock (_gate)
            _state.NamespacesObservedAt(resourceVersion);
    }

    public void ReplacePods(IReadOnlyCollection<PodObject> pods, ulong resourceVersion)
    {
        lock (_gate)
            _state.ReplacePods(pods, resourceVersion);
    }

    public void Upsert(PodObject value)
    {
        lock (_gate)
            _state.Upsert(value);
    }

    public void RemovePod(string uid, ulong resourceVersion)
    {
        lock (_gate)
            _state.RemovePod(uid, resourceVersion);
    }

    public void PodsObservedAt(ulong resourceVersion)
    {
        lock (_gate)
            _state.PodsObservedAt(resourceVersion);
    }

    public void ReplaceNodes(IReadOnlyCollection<NodeObject> nodes, ulong resourceVersion)
    {
        lock (_gate)
            _state.ReplaceNodes(nodes, resourceVersion);
    }

    public void Upsert(NodeObject value)
    {
        lock (_gate)
            _state.Upsert(value);
    }

    public void RemoveNode(string uid, ulong resourceVersion)
    {
        lock (_gate)
            _state.RemoveNode(uid, resourceVersion);
    }

    public void NodesObservedAt(ulong resourceVersion)
    {
        lock (_gate)
            _state.NodesObservedAt(resourceVersion);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        foreach (ITenantProvider provider in _providers)
            provider.Changed -= OnProviderChanged;
        _sweep.Dispose();
        _confirmations?.Dispose();
        _metrics.Dispose();
        lock (_gate)
            _ledger.Dispose();
    }

    private DirectoryFigures ReadFigures()
    {
        lock (_gate)
            return _state.Figures;
    }

    private void OnProviderChanged(object? sender, EventArgs e)
    {
        lock (_gate)
        {
            _reassign = true;
            Reassign();
        }
    }

    private void Reassign()
    {
        if (!_reassign || _disposed)
            return;
        try
        {
            _state.Reassign();
            _reassign = false;
        }
        catch (Exception exception)
        {
            // The owners of before stay; the next sweep tries again.
            LogReassignFailed(exception);
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            Reassign();
            _state.ForgetEnded();
            if (_confirmations is null)
                return;
            foreach (string name in _state.WaitingNames.Take(ConfirmationsPerSweep))
                _confirmations.Ask(name);
        }
    }

    private async Task ConfirmAsync(string name, CancellationToken stop)
    {
        ulong podsRevision;
        lock (_gate)
            podsRevision = _state.PodsRevision;
        try
        {
            using var timeout = new CancellationTokenSource(ConfirmationTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
            NamespaceObject? found = await _confirmer!.ConfirmAsync(name, either.Token); // there is a queue only with a confirmer
            _metrics.Confirmed(found is null ? "absent" : "found");
            if (found is null)
                return;
            lock (_gate)
            {
                if (!_disposed)
                    _state.Confirmed(found, podsRevision);
            }
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // The pods go on waiting: for the watch, or for the next sweep.
            _metrics.Confirmed("failed");
            LogConfirmationFailed(exception, name);
        }
    }

    [LoggerMessage(EventId = 3040, Level = LogLevel.Error, Message = "The change of a tenant provider could not be applied; it is tried again")]
    private partial void LogReassignFailed(Exception exception);

    [LoggerMessage(EventId = 3041, Level = LogLevel.Warning, Message = "Namespace {Namespace}, which pods wait for, could not be read")]
    private partial void LogConfirmationFailed(Exception exception, string @namespace);
}
