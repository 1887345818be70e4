using Microsoft.Extensions.Hosting;

namespace Observability.Aggregator.Maintenance;

/// <summary>
/// Work that is done once per interval for as long as the host runs. A turn that fails costs that turn alone; the end is quiet however
/// the host ends, since a service that ends with an exception would be reported as failed and would stop the host.
/// </summary>
internal abstract class PeriodicService(TimeSpan interval, TimeProvider time) : BackgroundService
{
    protected TimeProvider Time { get; } = time;

    /// <summary>True: the first turn is at the start, not an interval later.</summary>
    protected virtual bool StartsAtOnce => false;

    protected abstract Task TurnAsync(CancellationToken stoppingToken);

    protected abstract void Failed(Exception exception);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, Time);
        try
        {
            if (StartsAtOnce)
                await TryTurnAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryTurnAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends.
        }
    }

    private async Task TryTurnAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TurnAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Failed(exception); // the next turn tries again
        }
    }
}
