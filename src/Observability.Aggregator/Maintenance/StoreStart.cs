using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observability.Storage;

namespace Observability.Aggregator.Maintenance;

/// <summary>Reads the journal while the listeners already say that this is going on. What cannot be read at all ends the process.</summary>
internal sealed partial class StoreStart(
    MetricStore store, StoreState state, AggregatorOptions options, IHostApplicationLifetime lifetime, ILogger<StoreStart> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (state.Journal is not { } journal)
        {
            LogVolatile();
            return;
        }
        try
        {
            JournalReplayReport report = await Task.Run(() => journal.ReplayAsync(store, stoppingToken), stoppingToken);
            foreach (JournalLoss loss in report.Losses)
            {
                if (loss.IsTail)
                    LogTail(loss.Bytes, loss.File, loss.Position);
                else
                    LogLoss(loss.Bytes, loss.File, loss.Position);
            }
            LogRead(options.Store.Path, report.Samples, report.Segments, report.Bytes, report.Duration.TotalSeconds);
            state.Serve();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends before the store was read; nothing was changed.
        }
        catch (Exception exception)
        {
            LogUnreadable(exception, options.Store.Path);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(EventId = 4220, Level = LogLevel.Warning,
        Message = "Store:Path is empty: all samples are in memory and are lost when this process ends")]
    private partial void LogVolatile();

    [LoggerMessage(EventId = 4221, Level = LogLevel.Information,
        Message = "The store in {Path} is read: {Samples} samples of {Segments} journal segments, {Bytes} bytes in {Seconds:F2} s")]
    private partial void LogRead(string path, long samples, int segments, long bytes, double seconds);

    [LoggerMessage(EventId = 4222, Level = LogLevel.Warning,
        Message = "{Bytes} bytes at the end of {File} from {Position} on are a batch that was never acknowledged; they are cut off")]
    private partial void LogTail(long bytes, string file, long position);

    [LoggerMessage(EventId = 4223, Level = LogLevel.Error,
        Message = "{Bytes} bytes of {File} from {Position} on cannot be read: samples are lost. The file is kept beside it with the ending .corrupt")]
    private partial void LogLoss(long bytes, string file, long position);

    [LoggerMessage(EventId = 4224, Level = LogLevel.Critical, Message = "The store in {Path} cannot be read")]
    private partial void LogUnreadable(Exception exception, string path);
}
