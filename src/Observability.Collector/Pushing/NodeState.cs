using System.Runtime.InteropServices;
using Observability.Collector.Classification;
using Observability.Collector.Directory;
using Observability.Collector.Series;
using Observability.Collector.Settings;
using Observability.Collector.Status;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;

namespace Observability.Collector.Pushing;

/// <summary>
/// What the scraping and the pushing half of a node share: its series, its directory and its unacknowledged batches. Everything is
/// done under <see cref="Gate"/>, which is held for microseconds at a time.
/// </summary>
internal sealed class NodeState : IPushHandler
{
    // Some 45 kB encoded: far below any limit, and below the size at which the runtime treats an array as large.
    private const int MaxSamplesPerBatch = 5000;
    private const int MaxEndedPerBatch = 10_000;

    private readonly TimeProvider _time;
    private readonly NodeStatistics _statistics;
    private readonly PageOutput _late = new();
    private readonly TimeOrder _order = new();
    private readonly TaskCompletionSource _directoryKnown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _samplesPerBatch = MaxSamplesPerBatch;
    private ulong _sequence;

    internal NodeState(CollectorOptions options, TimeProvider time, NodeStatistics statistics)
    {
        _time = time;
        _statistics = statistics;
        Families = new FamilyList(options);
        Directory = new NodeDirectory();
        Table = new SeriesTable(Directory);
        Buffer = new ResendBuffer(options.BufferBytes, (long)options.BufferAge.TotalMilliseconds);
    }

    internal Lock Gate { get; } = new();

    internal FamilyList Families { get; }

    internal NodeDirectory Directory { get; }

    internal SeriesTable Table { get; }

    internal ResendBuffer Buffer { get; }

    internal Task DirectoryKnown => _directoryKnown.Task;

    public int RefCount
    {
        get { lock (Gate) return Table.RefCount; }
    }

    /// <summary>Makes batches of what a page brought; the gate is held.</summary>
    internal void Commit(PageOutput output, long scrapeMs)
    {
        _statistics.Take(output);
        AddEnded(output.Ended, scrapeMs);
        AddSamples(output.Samples, scrapeMs);
        AddEnded(output.EndedAfter, scrapeMs);
        Table.Seal(_sequence);
        output.Clear();
    }

    public void Welcomed(Welcome welcome)
    {
        lock (Gate)
        {
            if (welcome.Limits is { MaxSamplesPerBatch: > 0 } limits)
                _samplesPerBatch = (int)Math.Min(MaxSamplesPerBatch, limits.MaxSamplesPerBatch);
            Table.ForgetRefusals(welcome.Limits ?? new Limits());
        }
        Acknowledged(welcome.AcknowledgedSequence);
    }

    public void DirectoryChanged(DirectoryUpdate update)
    {
        lock (Gate)
        {
            Directory.Apply(update);
            Table.DirectoryChanged(_late);
            Commit(_late, _time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        _directoryKnown.TrySetResult();
    }

    public void Acknowledged(ulong sequence)
    {
        Buffer.Acknowledge(sequence);
        lock (Gate)
            Table.Acknowledged(sequence);
    }

    public void Refused(Refusals refusals)
    {
        lock (Gate)
            foreach (Refusal refusal in refusals.Refusals_)
            {
                _statistics.Refused(refusal.Reason);
                // Room may come back without the directory changing.
                Table.Refuse(refusal.Ref, refusal.Reason == RefusalReason.Limit
                    ? _time.GetUtcNow().ToUnixTimeMilliseconds() + SeriesTable.FailedForMs
                    : long.MaxValue);
            }
    }

    public void Resync(Resync resync)
    {
        lock (Gate)
            Table.Redefine([.. resync.PodUids]);
    }

    public void Define(ScrapeBatch batch, DefinitionWriter writer, List<SeriesDefinitions> messages)
    {
        lock (Gate)
            writer.Define(batch, Table, messages);
    }

    private void AddEnded(List<uint> ended, long scrapeMs)
    {
        for (int from = 0; from < ended.Count; from += MaxEndedPerBatch)
        {
            var batch = new ScrapeBatch { ScrapeTimeMs = scrapeMs };
            batch.StaleRefs.AddRange(ended.GetRange(from, Math.Min(MaxEndedPerBatch, ended.Count - from)));
            _statistics.SeriesEnded(batch.StaleRefs.Count);
            Add(batch);
        }
    }

    private void AddSamples(List<BatchSample> samples, long scrapeMs)
    {
        // Rows of one cgroup were sampled together: by time they make long runs.
        ReadOnlySpan<BatchSample> sorted = _order.Sort(CollectionsMarshal.AsSpan(samples));
        for (int from = 0; from < sorted.Length; from += _samplesPerBatch)
        {
            var batch = new ScrapeBatch { ScrapeTimeMs = scrapeMs };
            BatchCodec.Encode(sorted.Slice(from, Math.Min(_samplesPerBatch, sorted.Length - from)), batch);
            Add(batch);
        }
    }

    private void Add(ScrapeBatch batch)
    {
        batch.Sequence = ++_sequence;
        _statistics.BatchMade();
        Buffer.Add(batch, _time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
