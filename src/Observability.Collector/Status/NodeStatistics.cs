using Observability.Collector.Classification;
using Observability.Collector.Kubelet;
using Observability.Collector.Series;
using Observability.Protocol.V1;

namespace Observability.Collector.Status;

/// <summary>What is counted of one node. Written by its loops, read by the status page; each number is whole, together they may be a moment apart.</summary>
internal sealed class NodeStatistics(string node)
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private readonly long[] _refused = new long[Enum.GetValues<RefusalReason>().Length];
    private int _connected;
    private long _samples;
    private long _batches;
    private long _ended;
    private long _connects;

    internal string Node { get; } = node;

    /// <summary>The kernel's boot id, where a page or the machine told; else empty.</summary>
    internal string BootId { get; set; } = "";

    internal EndpointStatistics[] Endpoints { get; } = [.. Enumerable.Range(0, ScrapeEndpoints.Count).Select(_ => new EndpointStatistics())];

    internal bool IsConnected => Volatile.Read(ref _connected) == 1;

    internal long Samples => Volatile.Read(ref _samples);

    internal long Batches => Volatile.Read(ref _batches);

    internal long Ended => Volatile.Read(ref _ended);

    internal long Connects => Volatile.Read(ref _connects);

    internal long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    internal long RefusedFor(RefusalReason reason) => Volatile.Read(ref _refused[(int)reason]);

    internal void Take(PageOutput output)
    {
        Interlocked.Add(ref _samples, output.Samples.Count);
        for (int reason = 0; reason < _dropped.Length; reason++)
            Interlocked.Add(ref _dropped[reason], output.Dropped((DropReason)reason));
    }

    internal void SeriesEnded(int count) => Interlocked.Add(ref _ended, count);

    internal void BatchMade() => Interlocked.Increment(ref _batches);

    internal void Refused(RefusalReason reason) =>
        Interlocked.Increment(ref _refused[(uint)reason < (uint)_refused.Length ? (int)reason : 0]);

    /// <returns>True where it was not connected before.</returns>
    internal bool Connected()
    {
        Interlocked.Increment(ref _connects);
        return Interlocked.Exchange(ref _connected, 1) != 1;
    }

    /// <returns>True where this is news: it was connected, or had never tried.</returns>
    internal bool Disconnected() => Interlocked.Exchange(ref _connected, 2) != 2;
}

/// <summary>What is counted of one endpoint.</summary>
internal sealed class EndpointStatistics
{
    private readonly long[] _failed = new long[Enum.GetValues<ScrapeFault>().Length];

    internal long Good;
    internal long Rows;
    internal long Taken;
    internal long Skipped;
    internal long Bad;
    internal long Bytes;
    internal long LastGoodMs;
    internal long LastTriedMs;
    internal long LastSamples;
    internal double LastSeconds;
    internal double TotalSeconds;

    /// <summary>Why the last try failed; null where it did not.</summary>
    internal ScrapeFault? Fault;

    internal long FailedFor(ScrapeFault fault) => Volatile.Read(ref _failed[(int)fault]);

    internal void Fail(ScrapeFault fault) => Interlocked.Increment(ref _failed[(int)fault]);
}
