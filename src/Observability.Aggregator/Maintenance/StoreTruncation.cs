using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observability.Storage;

namespace Observability.Aggregator.Maintenance;

/// <summary>Drops, once per interval, what has become older than the store keeps.</summary>
internal sealed partial class StoreTruncation(MetricStore store, AggregatorOptions options, TimeProvider time, ILogger<StoreTruncation> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Store.TruncateInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                store.Truncate();
            }
            catch (Exception exception)
            {
                LogFailed(exception); // the next turn tries again
            }
        }
    }

    [LoggerMessage(EventId = 4210, Level = LogLevel.Error, Message = "The store could not be truncated")]
    private partial void LogFailed(Exception exception);
}
