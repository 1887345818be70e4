using Microsoft.Extensions.Logging;
using Observability.Collector.Classification;
using Observability.Collector.Pushing;
using Observability.Collector.Scraping;
using Observability.Collector.Settings;
using Observability.Collector.Status;

namespace Observability.Collector;

/// <summary>
/// Collects one node: scrapes its kubelet, and keeps one stream to the aggregator. <see cref="RunAsync"/> does both on a schedule;
/// a test runs <see cref="RunPushAsync"/> and calls <see cref="ScrapeAsync"/> at the times it wants.
/// </summary>
public sealed partial class NodeCollector : IDisposable
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private readonly CollectorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NodeScraper _scraper;
    private readonly PushLoop _push;

    public NodeCollector(NodeTarget node, CollectorOptions options, TimeProvider time, ILoggerFactory loggers, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        Node = node;
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<NodeCollector>();
        Statistics = new NodeStatistics(node.Name);
        // Beside one node alone, the collector runs on it and shares its kernel.
        if (options.Nodes.Count == 1 && !node.Kubelet.IsLoopback && File.Exists(BootIdFile))
            Statistics.BootId = File.ReadAllText(BootIdFile).Trim();
        State = new NodeState(options, time, Statistics);
        _scraper = new NodeScraper(node, options, State, Statistics, time, _logger);
        _push = new PushLoop(node, options, State, Statistics, time, random ?? Random.Shared, _logger);
    }

    public NodeTarget Node { get; }

    internal NodeStatistics Statistics { get; }

    internal NodeState State { get; }

    /// <summary>Scrapes on the schedule and pushes until cancelled, then hands over what is left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopPush = new CancellationTokenSource();
        Task push = RunPushAsync(stopPush.Token);
        try
        {
            // Neither goes on without the other: a stream that failed for good must not leave scrapes that nobody takes.
            await Task.WhenAny(push, ScrapeOnScheduleAsync(cancellationToken)).Unwrap();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            using var deadline = new CancellationTokenSource(_options.ShutdownTimeout, _time);
            try
            {
                await FlushAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                LogNotFlushed(Node.Name, State.Buffer.Count);
            }
            await stopPush.CancelAsync();
            await push;
        }
    }

    /// <summary>Keeps the stream to the aggregator, reconnecting, until cancelled.</summary>
    public Task RunPushAsync(CancellationToken cancellationToken) => _push.RunAsync(cancellationToken);

    /// <summary>Scrapes the node once. Not for two threads at a time.</summary>
    /// <param name="due">When the scrape was due: the time of rows that carry none.</param>
    /// <param name="summary">Whether <c>/stats/summary</c> is read too.</param>
    /// <param name="cancellationToken">Gives the scrape up; what it did not finish is not used.</param>
    public Task<ScrapeOutcome> ScrapeAsync(DateTimeOffset due, bool summary, CancellationToken cancellationToken) =>
        _scraper.ScrapeAsync(due.ToUnixTimeMilliseconds(), summary, cancellationToken);

    /// <summary>Waits until the aggregator's directory for this node is here.</summary>
    public Task WaitForDirectoryAsync(CancellationToken cancellationToken) => State.DirectoryKnown.WaitAsync(cancellationToken);

    /// <summary>Waits until every batch was acknowledged.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed = State.Buffer.Changed;
            if (State.Buffer.Count == 0)
                return;
            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _scraper.Dispose();

    internal long DroppedRows(DropReason reason) => _scraper.DroppedRows(reason);

    private async Task ScrapeOnScheduleAsync(CancellationToken cancellationToken)
    {
        var schedule = new ScrapeSchedule(Node.Name, _options.ScrapeInterval, _options.SummaryInterval);
        bool first = true;
        while (true)
        {
            long nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            long dueMs = schedule.Next(nowMs);
            await Task.Delay(TimeSpan.FromMilliseconds(dueMs - nowMs), _time, cancellationToken);
            bool summary = _options.SummaryInterval > TimeSpan.Zero && (first || schedule.IsSummaryDue(dueMs));
            await _scraper.ScrapeAsync(dueMs, summary, cancellationToken);
            first = false;
        }
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "Node {Node}: stopped with {Batches} batches that the aggregator did not acknowledge")]
    private partial void LogNotFlushed(string node, int batches);
}
