using Microsoft.Extensions.Logging;
using Observability.Collector.Settings;

namespace Observability.Collector;

/// <summary>A whole collector in this process: all its nodes, and its own status page.</summary>
public static class CollectorHost
{
    /// <summary>Runs until cancelled, then hands over the last batches within <see cref="CollectorOptions.ShutdownTimeout"/>.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message lists everything that is.</exception>
    public static async Task RunAsync(CollectorOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (OptionsCheck.Errors(options) is { Count: > 0 } errors)
            throw new ArgumentException(string.Join('\n', errors), nameof(options));
        NodeCollector[] nodes = [.. options.Nodes.Select(node => new NodeCollector(node, options, time, loggers))];
        try
        {
            await Task.WhenAll(nodes.Select(node => node.RunAsync(cancellationToken)));
        }
        finally
        {
            foreach (NodeCollector node in nodes)
                node.Dispose();
        }
    }
}
