using Microsoft.Extensions.Logging;
using Observability.Collector.Settings;

namespace Observability.Collector;

/// <summary>A whole collector in this process: all its nodes, and its own status page.</summary>
public static class CollectorHost
{
    /// <summary>Runs until cancelled, then hands over the last batches within <see cref="CollectorOptions.ShutdownTimeout"/>.</summary>
    public static Task RunAsync(CollectorOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
