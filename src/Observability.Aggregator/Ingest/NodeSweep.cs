using Microsoft.Extensions.Logging;
using Observability.Aggregator.Maintenance;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.Ingest;

/// <summary>Ends, in time, the series of collectors that did not come back.</summary>
internal sealed partial class NodeSweep(NodeStreams nodes, TenantDirectory directory, TimeProvider time, ILogger<NodeSweep> logger)
    : PeriodicService(Interval, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override Task TurnAsync(CancellationToken stoppingToken)
    {
        DirectorySnapshot snapshot = directory.Current;
        return nodes.SweepAsync(node => IngestService.Knows(snapshot, node), stoppingToken);
    }

    protected override void Failed(Exception exception)
    {
        if (exception is not JournalUnavailableException) // that is told by whoever delivers; the series go on waiting
            LogFailed(exception);
    }

    [LoggerMessage(EventId = 4120, Level = LogLevel.Error, Message = "Series of lost collectors could not be ended")]
    private partial void LogFailed(Exception exception);
}
