using System.Diagnostics.Metrics;
using Observability.Protocol.V1;
using Observability.Storage;

namespace Observability.Aggregator.Ingest;

/// <summary>What ingest counts. Label values are outcomes and reasons, never names.</summary>
internal sealed class IngestMetrics : IDisposable
{
    public const string MeterName = "Observability.Ingest";
    private readonly Meter _meter;
    private readonly UpDownCounter<long> _streams;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _batches;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _resyncs;
    private readonly Counter<long> _stale;

    public IngestMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _streams = _meter.CreateUpDownCounter<long>("ingest.streams", "{stream}", "Collectors' streams that are open.");
        _ended = _meter.CreateCounter<long>("ingest.streams.ended", "{stream}", "Streams that ended, by reason.");
        _samples = _meter.CreateCounter<long>("ingest.samples", "{sample}", "Samples received, by what became of them.");
        _refusals = _meter.CreateCounter<long>("ingest.refusals", "{series}", "Series definitions refused, by reason.");
        _batches = _meter.CreateCounter<long>("ingest.batches", "{batch}", "Batches received: stored, or a redelivery.");
        _lost = _meter.CreateCounter<long>("ingest.lost", "{sample}", "Samples that collectors report as given up.");
        _resyncs = _meter.CreateCounter<long>("ingest.resyncs", "{request}", "Requests to define series again, by reason.");
        _stale = _meter.CreateCounter<long>("ingest.series.ended", "{series}", "Series that were ended, by reason.");
    }

    public void StreamOpened() => _streams.Add(1);

    public void StreamClosed(string reason)
    {
        _streams.Add(-1);
        _ended.Add(1, Tag("reason", reason));
    }

    /// <summary>A stream that was turned away before it was open.</summary>
    public void StreamRefused(string reason) => _ended.Add(1, Tag("reason", reason));

    public void Refused(RefusalReason reason) => _refusals.Add(1, Tag("reason", Name(reason)));

    public void BatchStored() => _batches.Add(1, Tag("outcome", "stored"));

    public void BatchRedelivered() => _batches.Add(1, Tag("outcome", "redelivered"));

    public void Lost(ulong samples) => _lost.Add((long)Math.Min(samples, long.MaxValue));

    public void Resync(string reason) => _resyncs.Add(1, Tag("reason", reason));

    public void SeriesEnded(string reason, int count) => Count(_stale, "reason", reason, count);

    public void Samples(string outcome, int count) => Count(_samples, "outcome", outcome, count);

    public void Stored(WriteResult result)
    {
        Samples("stored", result.Accepted);
        Samples("duplicate", result.Duplicates);
        Samples("out_of_order", result.OutOfOrder);
        Samples("too_old", result.TooOld);
        Samples("too_new", result.TooNew);
        Samples("over_limit", result.OverLimit);
        Samples("over_rate", result.OverRate);
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>As in the proto, short and in lower case.</summary>
    public static string Name(RefusalReason reason) => reason switch
    {
        RefusalReason.PodNotOnNode => "pod_not_on_node",
        RefusalReason.PodUnknown => "pod_unknown",
        RefusalReason.TenantMismatch => "tenant_mismatch",
        RefusalReason.Limit => "limit",
        RefusalReason.ReservedLabel => "reserved_label",
        RefusalReason.Invalid => "invalid",
        RefusalReason.HostNetwork => "host_network",
        _ => "unspecified",
    };

    private static void Count(Counter<long> counter, string key, string value, int count)
    {
        if (count > 0)
            counter.Add(count, Tag(key, value));
    }

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
