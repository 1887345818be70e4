using Microsoft.Extensions.Logging;
using Observability.Storage;

namespace Observability.Aggregator.Maintenance;

/// <summary>Drops, once per interval, what has become older than the store keeps, in memory and on disk.</summary>
/// <param name="store">What is in memory.</param>
/// <param name="state">Whether the store is read.</param>
/// <param name="options">The interval.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Told of turns that fail.</param>
/// <param name="lifecycle">What is on disk; null where everything is in memory.</param>
internal sealed partial class StoreUpkeep(
    MetricStore store, StoreState state, AggregatorOptions options, TimeProvider time, ILogger<StoreUpkeep> logger, StoreLifecycle? lifecycle = null)
    : PeriodicService(options.Store.TruncateInterval, time)
{
    protected override Task TurnAsync(CancellationToken stoppingToken)
    {
        if (lifecycle is null)
            store.Truncate();
        else if (state.IsServing)
            return Task.Run(() => lifecycle.UpkeepAsync(stoppingToken), stoppingToken);
        return Task.CompletedTask;
    }

    protected override void Failed(Exception exception) => LogFailed(exception);

    [LoggerMessage(EventId = 4210, Level = LogLevel.Error, Message = "The store's upkeep failed")]
    private partial void LogFailed(Exception exception);
}
