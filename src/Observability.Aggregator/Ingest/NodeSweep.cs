using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observability.Tenancy;

namespace Observability.Aggregator.Ingest;

/// <summary>Ends, in time, the series of collectors that did not come back.</summary>
internal sealed partial class NodeSweep(NodeStreams nodes, TenantDirectory directory, TimeProvider time, ILogger<NodeSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                DirectorySnapshot snapshot = directory.Current;
                await nodes.SweepAsync(node => IngestService.Knows(snapshot, node), stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception); // the next turn tries again
            }
        }
    }

    [LoggerMessage(EventId = 4120, Level = LogLevel.Error, Message = "Series of lost collectors could not be ended")]
    private partial void LogFailed(Exception exception);
}
