using Microsoft.Extensions.Logging;
using Observability.Protocol.V1;

namespace Observability.Aggregator.Ingest;

/// <summary>Writes of each node and reason one line a minute, however much it sends.</summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    private const int MaxKeys = 20_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Node, string Reason), long> _written = [];

    public void Refused(string node, RefusalReason reason)
    {
        string name = IngestMetrics.Name(reason);
        if (IsDue(node, name))
            LogRefused(node, name);
    }

    public void Lost(string node, ulong samples)
    {
        if (IsDue(node, "lost"))
            LogLost(node, samples);
    }

    private bool IsDue(string node, string reason)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (_written.TryGetValue((node, reason), out long last) && time.GetElapsedTime(last, now) < Interval)
                return false;
            if (_written.Count >= MaxKeys)
                _written.Clear(); // some lines come early; the bound holds
            _written[(node, reason)] = now;
            return true;
        }
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "The collector of node {Node} defines series that are refused: {Reason}")]
    private partial void LogRefused(string node, string reason);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Warning, Message = "The collector of node {Node} had to give up {Samples} samples")]
    private partial void LogLost(string node, ulong samples);
}
