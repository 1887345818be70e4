using Microsoft.Extensions.Logging;
using Observability.Aggregator.Ingest;
using Observability.Aggregator.Maintenance;
using Observability.Model;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.ResourceSeries;

/// <summary>Writes the resource series of all pods and nodes once per interval; those that are gone, or have another owner, end.</summary>
internal sealed partial class ResourceSeriesWriter(
    MetricStore store, StoreState state, TenantDirectory directory, AggregatorOptions options, TimeProvider time, ILogger<ResourceSeriesWriter> logger)
    : PeriodicService(options.ResourceSeries.Interval, time)
{
    private Dictionary<(TenantUid Partition, LabelSet Labels), SeriesHandle> _written = [];

    protected override bool StartsAtOnce => true;

    protected override Task TurnAsync(CancellationToken stoppingToken) => WriteAsync(stoppingToken);

    protected override void Failed(Exception exception)
    {
        if (exception is JournalUnavailableException unavailable)
            LogNotStored(unavailable.Message);
        else
            LogFailed(exception);
    }

    /// <summary>One sample of everything, at this time.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        DirectorySnapshot snapshot = directory.Current;
        if (!snapshot.Complete || !state.IsServing)
            return;
        long now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        var written = new Dictionary<(TenantUid, LabelSet), SeriesHandle>(_written.Count);
        HashSet<TenantUid> full = [];
        using WriteBatch write = store.BeginBatch();
        foreach (DirectoryPod pod in snapshot.Pods.Where(pod => pod.Live))
        {
            string tenant = StoredLabels.TenantLabel(pod.Tenant, snapshot);
            foreach ((LabelSet labels, double value) in ResourceSamples.Of(pod.Pod, tenant, options.Cluster))
                Add(pod.Tenant, labels, value);
        }
        foreach (NodeObject node in snapshot.Nodes)
        {
            foreach ((LabelSet labels, double value) in ResourceSamples.Of(node, options.Cluster))
                Add(TenantUid.System, labels, value);
        }
        foreach (((TenantUid, LabelSet) key, SeriesHandle series) in _written)
        {
            if (!series.IsDeleted && !written.ContainsKey(key))
                write.AddStale(series);
        }
        await write.CommitAsync(cancellationToken);
        _written = written;
        foreach (TenantUid partition in full)
            LogFull(partition.ToString());

        void Add(TenantUid partition, LabelSet labels, double value)
        {
            if (written.ContainsKey((partition, labels)))
                return; // a name used twice at once: one of the two is ending
            try
            {
                SeriesHandle series = _written.TryGetValue((partition, labels), out SeriesHandle? known) && !known.IsDeleted ? known : store.Resolve(partition, labels);
                written.Add((partition, labels), series);
                write.Add(series, now, value);
            }
            catch (SeriesLimitException)
            {
                full.Add(partition); // one tenant's limit costs that tenant alone
            }
        }
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Error, Message = "Requests, limits and capacity could not be written")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(EventId = 4203, Level = LogLevel.Warning, Message = "Requests, limits and capacity were not taken: {Reason}")]
    private partial void LogNotStored(string reason);

    [LoggerMessage(EventId = 4202, Level = LogLevel.Warning, Message = "Partition {Partition} is full: some of its requests and limits are missing")]
    private partial void LogFull(string partition);
}
