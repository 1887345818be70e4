using System.Net;
using Microsoft.Extensions.Logging;
using Observability.Collector.Settings;
using Observability.Collector.Status;

namespace Observability.Collector;

/// <summary>A whole collector in this process: all its nodes, and its own status page.</summary>
public static partial class CollectorHost
{
    /// <summary>Runs until cancelled, then hands over the last batches within <see cref="CollectorOptions.ShutdownTimeout"/>.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message lists everything that is.</exception>
    public static async Task RunAsync(CollectorOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        if (OptionsCheck.Errors(options) is { Count: > 0 } errors)
            throw new ArgumentException(string.Join('\n', errors), nameof(options));
        ILogger logger = loggers.CreateLogger(nameof(CollectorHost));
        if (options.KubeletInsecureTls)
            LogInsecureKubelet(logger);
        if (options.AggregatorInsecureHttp)
            LogInsecureAggregator(logger);
        NodeCollector[] nodes = [.. options.Nodes.Select(node => new NodeCollector(node, options, time, loggers))];
        using StatusServer? status = options.Listen.Length == 0 ? null
            : new StatusServer(IPEndPoint.Parse(options.Listen), new StatusPage(nodes, options.ScrapeInterval, time), time, logger);
        try
        {
            status?.Start();
            // The status page goes on while the nodes hand over what they have.
            using var stopStatus = new CancellationTokenSource();
            Task serving = status?.RunAsync(stopStatus.Token) ?? Task.CompletedTask;
            await RunAllAsync(nodes, cancellationToken);
            await stopStatus.CancelAsync();
            await serving;
        }
        finally
        {
            foreach (NodeCollector node in nodes)
                node.Dispose();
        }
    }

    /// <summary>Runs all until cancelled. One that fails ends all: a process that serves some of its nodes would look healthy.</summary>
    private static async Task RunAllAsync(NodeCollector[] nodes, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] running = [.. nodes.Select(node => node.RunAsync(stop.Token))];
        await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "--kubelet-insecure-tls: kubelets' certificates are not checked, whoever sits between can read the token")]
    private static partial void LogInsecureKubelet(ILogger logger);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "--aggregator-insecure-http: the ingest token may travel in the clear")]
    private static partial void LogInsecureAggregator(ILogger logger);
}
