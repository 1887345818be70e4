using System.Text;

namespace Observability.Collector.Scraping;

/// <summary>
/// When a node is scraped: at exact multiples of the interval, shifted by a part of it that its name decides, so that a fleet does not
/// scrape in step and timestamps do not jitter. A time that has passed is skipped, never made up for.
/// </summary>
internal sealed class ScrapeSchedule(string node, TimeSpan interval, TimeSpan summaryInterval)
{
    private readonly long _intervalMs = (long)interval.TotalMilliseconds;
    private readonly long _summaryMs = (long)summaryInterval.TotalMilliseconds;
    private readonly long _offsetMs = (long)(Hash(node) % (ulong)interval.TotalMilliseconds);

    /// <summary>The first time due after another.</summary>
    internal long Next(long afterMs)
    {
        long sinceOffset = afterMs - _offsetMs;
        return (sinceOffset / _intervalMs + 1) * _intervalMs + _offsetMs;
    }

    /// <summary>Whether the summary is read at this time too.</summary>
    internal bool IsSummaryDue(long dueMs) => _summaryMs > 0 && (dueMs - _offsetMs) % _summaryMs < _intervalMs;

    // FNV-1a: the same at every start, unlike string.GetHashCode.
    private static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ b) * 1099511628211);
        return hash;
    }
}
