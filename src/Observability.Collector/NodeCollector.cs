using Microsoft.Extensions.Logging;
using Observability.Collector.Scraping;
using Observability.Collector.Settings;

namespace Observability.Collector;

/// <summary>
/// Collects one node: scrapes its kubelet, and keeps one stream to the aggregator. <see cref="RunAsync"/> does both on a schedule;
/// a test runs <see cref="RunPushAsync"/> and calls <see cref="ScrapeAsync"/> at the times it wants.
/// </summary>
public sealed class NodeCollector : IDisposable
{
    public NodeCollector(NodeTarget node, CollectorOptions options, TimeProvider time, ILoggerFactory loggers) => throw new NotImplementedException();

    public NodeTarget Node => throw new NotImplementedException();

    /// <summary>Scrapes on the schedule and pushes until cancelled, then hands over what is left.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Keeps the stream to the aggregator, reconnecting, until cancelled.</summary>
    public Task RunPushAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Scrapes the node once. Not for two threads at a time.</summary>
    /// <param name="due">When the scrape was due: the time of rows that carry none.</param>
    /// <param name="summary">Whether <c>/stats/summary</c> is read too.</param>
    /// <param name="cancellationToken">Gives the scrape up; nothing of it is kept.</param>
    public Task<ScrapeOutcome> ScrapeAsync(DateTimeOffset due, bool summary, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Waits until the aggregator's directory for this node is here.</summary>
    public Task WaitForDirectoryAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Waits until every batch was acknowledged.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
