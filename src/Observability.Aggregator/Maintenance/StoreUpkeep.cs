using Microsoft.Extensions.Logging;
using Observability.Storage;

namespace Observability.Aggregator.Maintenance;

/// <summary>Drops, once per interval, what has become older than the store keeps, in memory and in the journal.</summary>
internal sealed partial class StoreUpkeep(
    MetricStore store, StoreState state, AggregatorOptions options, TimeProvider time, ILogger<StoreUpkeep> logger)
    : PeriodicService(options.Store.TruncateInterval, time)
{
    protected override async Task TurnAsync(CancellationToken stoppingToken)
    {
        if (!state.IsServing)
            return;
        store.Truncate();
        if (state.Journal is { } journal)
            await journal.CutAsync(_ => (Time.GetUtcNow() - options.Store.Range).ToUnixTimeMilliseconds());
    }

    protected override void Failed(Exception exception) => LogFailed(exception);

    [LoggerMessage(EventId = 4210, Level = LogLevel.Error, Message = "The store could not be truncated")]
    private partial void LogFailed(Exception exception);
}
