using Microsoft.Extensions.Logging;
using Observability.Storage;

namespace Observability.Aggregator.Maintenance;

/// <summary>Drops, once per interval, what has become older than the store keeps.</summary>
internal sealed partial class StoreTruncation(MetricStore store, AggregatorOptions options, TimeProvider time, ILogger<StoreTruncation> logger)
    : PeriodicService(options.Store.TruncateInterval, time)
{
    protected override Task TurnAsync(CancellationToken stoppingToken)
    {
        store.Truncate();
        return Task.CompletedTask;
    }

    protected override void Failed(Exception exception) => LogFailed(exception);

    [LoggerMessage(EventId = 4210, Level = LogLevel.Error, Message = "The store could not be truncated")]
    private partial void LogFailed(Exception exception);
}
