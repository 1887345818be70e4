using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Observability.Collector.Classification;
using Observability.Collector.Kubelet;
using Observability.Collector.Pushing;
using Observability.Collector.Series;
using Observability.Collector.Settings;
using Observability.Collector.Status;
using Observability.Collector.Summary;
using Observability.Exposition;
using Observability.Model;
using Observability.Protocol.V1;

namespace Observability.Collector.Scraping;

/// <summary>Reads the endpoints of one node, one after the other, into its state.</summary>
internal sealed partial class NodeScraper : IDisposable
{
    private const int ChunkBytes = 32 << 10;

    private readonly NodeTarget _node;
    private readonly CollectorOptions _options;
    private readonly NodeState _state;
    private readonly NodeStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KubeletClient _kubelet;
    private readonly PageReader[] _readers;
    private readonly RowCache[] _caches;
    private readonly SummaryPage _summaryPage;
    private readonly SummaryReader _summary;
    private readonly PageOutput _output = new();
    private readonly List<Label> _noLabels = [];

    internal NodeScraper(NodeTarget node, CollectorOptions options, NodeState state, NodeStatistics statistics, TimeProvider time, ILogger logger)
    {
        (_node, _options, _state, _statistics, _time, _logger) = (node, options, state, statistics, time, logger);
        _kubelet = new KubeletClient(node.Kubelet, options);
        var limits = new ExpositionLimits { MaxBodyBytes = options.MaxPageBytes };
        _readers = [new(state.Table, state.Families, ScrapeEndpoint.Cadvisor), new(state.Table, state.Families, ScrapeEndpoint.Resource)];
        _caches = [new RowCache(limits), new RowCache(limits)];
        _summaryPage = new SummaryPage(state.Table, state.Families);
        _summary = new SummaryReader(_summaryPage);
    }

    /// <summary>Rows dropped when first seen, by reason.</summary>
    internal long DroppedRows(DropReason reason) => _readers.Sum(reader => reader.Dropped[(int)reason]);

    internal async Task<ScrapeOutcome> ScrapeAsync(long dueMs, bool summary, CancellationToken cancellationToken)
    {
        var outcome = new ScrapeOutcome(true, 0, 0, 0);
        outcome = await ScrapeOneAsync(ScrapeEndpoint.Cadvisor, dueMs, outcome, cancellationToken);
        outcome = await ScrapeOneAsync(ScrapeEndpoint.Resource, dueMs, outcome, cancellationToken);
        if (summary)
            outcome = await ScrapeOneAsync(ScrapeEndpoint.Summary, dueMs, outcome, cancellationToken);
        lock (_state.Gate)
        {
            TakeSelf(dueMs);
            _state.Commit(_output, dueMs);
        }
        return outcome;
    }

    public void Dispose()
    {
        _kubelet.Dispose();
        foreach (RowCache cache in _caches)
            cache.Dispose();
    }

    private async Task<ScrapeOutcome> ScrapeOneAsync(ScrapeEndpoint endpoint, long dueMs, ScrapeOutcome outcome, CancellationToken cancellationToken)
    {
        EndpointStatistics statistics = _statistics.Endpoints[(int)endpoint];
        long started = _time.GetTimestamp();
        ScrapeException? failure = null;
        try
        {
            using var timeout = new CancellationTokenSource(_options.ScrapeTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            outcome = outcome with { Rows = outcome.Rows + await ReadAsync(endpoint, dueMs, statistics, either.Token) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            failure = new ScrapeException(ScrapeFault.Timeout, "No whole answer in time.");
        }
        catch (Exception exception) when (exception is IOException or JsonException or HttpRequestException or InvalidDataException)
        {
            failure = new ScrapeException(ScrapeFault.BadContent, exception.Message, exception);
        }
        catch (ScrapeException exception)
        {
            failure = exception;
        }
        statistics.LastSeconds = _time.GetElapsedTime(started).TotalSeconds;
        statistics.TotalSeconds += statistics.LastSeconds;
        statistics.LastTriedMs = dueMs;
        lock (_state.Gate)
        {
            if (failure is null)
                statistics.LastGoodMs = dueMs;
            else
                _state.Table.FailPage(endpoint, dueMs, _output);
            outcome = outcome with
            {
                // The summary needs a right of its own (nodes/stats): a node without it is collected all the same.
                Succeeded = outcome.Succeeded && (failure is null || (endpoint == ScrapeEndpoint.Summary && failure.Fault == ScrapeFault.Forbidden)),
                Samples = outcome.Samples + _output.Samples.Count,
                Ended = outcome.Ended + _output.Ended.Count,
            };
            _state.Commit(_output, dueMs);
        }
        Report(endpoint, statistics, failure);
        return outcome;
    }

    private async Task<int> ReadAsync(ScrapeEndpoint endpoint, long dueMs, EndpointStatistics statistics, CancellationToken cancellationToken)
    {
        bool isSummary = endpoint == ScrapeEndpoint.Summary;
        using HttpResponseMessage response = await _kubelet.GetAsync(endpoint.Path(), isSummary ? "application/json" : "text/plain;version=0.0.4", cancellationToken);
        ExpositionFormat format = ExpositionFormat.Text;
        if (!isSummary && !ContentNegotiation.TryGetFormat(response.Content.Headers.ContentType?.ToString(), null, out format, out string? error))
            throw new ScrapeException(ScrapeFault.BadContent, error);
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            return isSummary
                ? await ReadSummaryAsync(body, chunk, dueMs, statistics, cancellationToken)
                : await ReadPageAsync(endpoint, format, body, chunk, dueMs, statistics, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private async Task<int> ReadPageAsync(
        ScrapeEndpoint endpoint, ExpositionFormat format, Stream body, byte[] chunk, long dueMs, EndpointStatistics statistics, CancellationToken cancellationToken)
    {
        PageReader reader = _readers[(int)endpoint];
        RowCache cache = _caches[(int)endpoint];
        PageSink sink;
        lock (_state.Gate)
        {
            sink = reader.Begin();
            cache.Begin(format);
        }
        bool more = true;
        while (more && await body.ReadAsync(chunk.AsMemory(0, ChunkBytes), cancellationToken) is var length and > 0)
            lock (_state.Gate)
                more = cache.Feed(chunk.AsSpan(0, length), ref sink);
        lock (_state.Gate)
        {
            PageSummary summary = cache.End(ref sink);
            statistics.Bytes += summary.Bytes;
            if (summary.Fault is PageFault.BodyTooLarge or PageFault.TooManyRows)
                throw new ScrapeException(ScrapeFault.TooLarge, $"The page is over its limits: {summary.Fault}.");
            if (!summary.Complete)
                throw new ScrapeException(ScrapeFault.BadContent, $"The page is not whole: {summary.Fault}.");
            if (reader.HasScrapeError)
                throw new ScrapeException(ScrapeFault.ScrapeError, "The kubelet could not read its own numbers.");
            statistics.Rows += summary.Rows;
            statistics.Taken += summary.Samples;
            statistics.Skipped += summary.Skipped;
            statistics.Bad += summary.BadRows.Total;
            statistics.LastSamples = summary.Samples;
            _state.Table.EndPage(endpoint, sink.Page, dueMs, _output, reader.IsPartial);
            return summary.Rows;
        }
    }

    private async Task<int> ReadSummaryAsync(Stream body, byte[] chunk, long dueMs, EndpointStatistics statistics, CancellationToken cancellationToken)
    {
        long bytes = 0;
        lock (_state.Gate)
        {
            _summaryPage.Begin();
            _summary.Begin();
        }
        while (true)
        {
            int length = await body.ReadAsync(chunk.AsMemory(0, ChunkBytes), cancellationToken);
            bytes += length;
            if (bytes > _options.MaxPageBytes)
                throw new ScrapeException(ScrapeFault.TooLarge, "The summary is over --max-page-bytes.");
            lock (_state.Gate)
                _summary.Feed(chunk.AsSpan(0, length), last: length == 0);
            if (length == 0)
                break;
        }
        lock (_state.Gate)
        {
            statistics.Bytes += bytes;
            statistics.Rows += _summaryPage.Values;
            statistics.Taken += _summaryPage.Values;
            statistics.LastSamples = _summaryPage.Values;
            _state.Table.EndPage(ScrapeEndpoint.Summary, _summaryPage.Page, dueMs, _output);
            return _summaryPage.Values;
        }
    }

    // up and its like, of every endpoint that was ever tried.
    private void TakeSelf(long dueMs)
    {
        int page = _state.Table.BeginPage();
        for (int i = 0; i < (int)ScrapeEndpoint.Self; i++)
        {
            EndpointStatistics statistics = _statistics.Endpoints[i];
            if (statistics.LastTriedMs == 0)
                continue;
            string path = ((ScrapeEndpoint)i).Path();
            Subject subject = _state.Table.FindSubject(ScrapeEndpoint.Self, path) ?? _state.Table.AddSubject(
                new Subject(path, ScrapeEndpoint.Self, path) { Kind = RowKind.Node, Order = _state.Table.NextSubjectOrder() });
            bool good = statistics.LastGoodMs == statistics.LastTriedMs;
            Take("up", subject, page, good ? 1 : 0);
            Take("scrape_duration_seconds", subject, page, statistics.LastSeconds);
            Take("scrape_samples_scraped", subject, page, good ? statistics.LastSamples : 0);
        }
        _state.Table.EndPage(ScrapeEndpoint.Self, page, dueMs, _output);
    }

    private void Take(string family, Subject subject, int page, double value)
    {
        _noLabels.Clear();
        _state.Table.Sample(_state.Table.SlotOf(_state.Families.Own(ScrapeEndpoint.Self, family), subject, _noLabels), page, value, SeriesRow.NoTimestamp);
    }

    // Counted always, said once per change.
    private void Report(ScrapeEndpoint endpoint, EndpointStatistics statistics, ScrapeException? failure)
    {
        ScrapeFault? before = statistics.Fault;
        statistics.Fault = failure?.Fault;
        if (failure is null)
        {
            Interlocked.Increment(ref statistics.Good);
            if (before is not null)
                LogRecovered(_node.Name, endpoint);
            return;
        }
        statistics.Fail(failure.Fault);
        if (before != failure.Fault)
            LogFailed(_node.Name, endpoint, failure.Fault, failure.Message);
    }

    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning, Message = "Node {Node}: {Endpoint} cannot be scraped ({Fault}): {Reason}")]
    private partial void LogFailed(string node, ScrapeEndpoint endpoint, ScrapeFault fault, string reason);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Information, Message = "Node {Node}: {Endpoint} is scraped again")]
    private partial void LogRecovered(string node, ScrapeEndpoint endpoint);
}
