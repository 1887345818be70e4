using System.Text;
using Observability.Collector.Classification;
using Observability.Collector.Pushing;
using Observability.Collector.Series;
using Observability.Collector.Settings;
using Observability.Collector.Status;
using Observability.Exposition;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;

namespace Observability.Collector.Tests.Support;

/// <summary>Feeds hand-made pages to a node's state and tells what would be pushed, as `kind pod/container name{labels} value@time`.</summary>
internal sealed class NodePages : IDisposable
{
    internal const string Header = "# TYPE container_cpu_usage_seconds_total counter\n";

    private readonly RowCache _cache = new(ExpositionLimits.Default);
    private readonly PageReader _reader;
    private readonly PageOutput _output = new();

    internal NodePages(CollectorOptions? options = null, ScrapeEndpoint endpoint = ScrapeEndpoint.Cadvisor)
    {
        Endpoint = endpoint;
        Statistics = new NodeStatistics("node-1");
        State = new NodeState(options ?? new CollectorOptions(), TimeProvider.System, Statistics);
        _reader = new PageReader(State.Table, State.Families, endpoint);
    }

    internal ScrapeEndpoint Endpoint { get; }

    internal NodeState State { get; }

    internal NodeStatistics Statistics { get; }

    internal PageSummary Last { get; private set; }

    internal long DroppedRows(DropReason reason) => _reader.Dropped[(int)reason];

    internal void Directory(params DirectoryPod[] pods)
    {
        var update = new DirectoryUpdate { Full = true, Version = 1 };
        update.Pods.AddRange(pods);
        State.DirectoryChanged(update);
    }

    /// <summary>Reads a page and returns what was put in the buffer, in the order of sending; ended series as `ended ...`.</summary>
    internal List<string> Page(string text, long timeMs)
    {
        PageSink sink = _reader.Begin();
        _cache.Begin(ExpositionFormat.Text);
        _cache.Feed(Encoding.UTF8.GetBytes(text), ref sink);
        Last = _cache.End(ref sink);
        State.Table.EndPage(Endpoint, sink.Page, timeMs, _output, _reader.IsPartial);
        State.Commit(_output, timeMs);
        return Drain();
    }

    internal void Fail(long timeMs)
    {
        State.Table.FailPage(Endpoint, timeMs, _output);
        State.Commit(_output, timeMs);
    }

    /// <summary>Takes what the buffer holds, and acknowledges it.</summary>
    internal List<string> Drain()
    {
        var said = new List<string>();
        ulong last = 0;
        while (State.Buffer.Next(last) is { } batch)
        {
            var samples = new List<BatchSample>();
            BatchCodec.Decode(batch, int.MaxValue, samples);
            foreach (BatchSample sample in samples)
                said.Add(FormattableString.Invariant($"{Describe(sample.Ref)} {sample.Value}@{sample.TimestampMs}"));
            foreach (uint reference in batch.StaleRefs)
                said.Add("ended " + Describe(reference));
            last = batch.Sequence;
        }
        State.Acknowledged(last);
        return said;
    }

    internal uint RefOf(string container)
    {
        for (uint reference = 1; reference < 100_000; reference++)
            if (State.Table.Describe(reference) is { } description && description.Subject.Container == container)
                return reference;
        throw new InvalidOperationException("There is no series of " + container);
    }

    internal bool Knows(RowKind kind, string podUid, string family)
    {
        for (uint reference = 1; reference < 200_000; reference++)
            if (State.Table.Describe(reference) is { } series && series.Subject.Kind == kind && series.Subject.Pod?.Uid == podUid && series.Family.Name == family)
                return true;
        return false;
    }

    public void Dispose() => _cache.Dispose();

    private string Describe(uint reference)
    {
        SeriesDescription description = State.Table.Describe(reference)!;
        Subject subject = description.Subject;
        string labels = string.Join(",", description.Labels().Select(label => label.ToString()));
        string container = subject.Kind == RowKind.Container ? "/" + subject.Container : "";
        return $"{subject.Kind} {subject.Pod?.Uid}{container} {description.Family.Name}{{{labels}}}";
    }
}
