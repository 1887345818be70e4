using System.Diagnostics.Metrics;

namespace Observability.Storage;

/// <summary>The journal's own instruments.</summary>
internal sealed class JournalMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _bytes, _batches, _refused, _lost, _syncFailures;
    private readonly Histogram<double> _syncDuration;

    public JournalMetrics(IMeterFactory? meters, Func<long> segments, Func<long> size)
    {
        _ownsMeter = meters is null;
        _meter = meters?.Create(new MeterOptions(StoreMetrics.MeterName)) ?? new Meter(StoreMetrics.MeterName);
        _batches = _meter.CreateCounter<long>("store.journal.batches", "{batch}", "Batches written to the journal.");
        _bytes = _meter.CreateCounter<long>("store.journal.written", "By", "Bytes written to the journal.");
        _refused = _meter.CreateCounter<long>("store.journal.refused", "{batch}", "Batches that the journal refused, by reason; their senders keep them.");
        _lost = _meter.CreateCounter<long>("store.journal.lost", "By", "Bytes of the journal that could not be read at the start.");
        _syncFailures = _meter.CreateCounter<long>("store.journal.sync.failures", "{sync}", "Syncs that failed: what was written since the last one may be lost when the machine stops.");
        _syncDuration = _meter.CreateHistogram<double>("store.journal.sync.duration", "s", "Time that one sync took.");
        _meter.CreateObservableUpDownCounter("store.journal.segments", segments, "{segment}", "Segments of the journal.");
        _meter.CreateObservableUpDownCounter("store.journal.size", size, "By", "Bytes of all segments.");
    }

    public void Written(int bytes)
    {
        _batches.Add(1);
        _bytes.Add(bytes);
    }

    public void Refused(JournalRefusal refusal) => _refused.Add(1, new KeyValuePair<string, object?>("reason", refusal switch
    {
        JournalRefusal.Replaying => "replaying",
        JournalRefusal.DiskFull => "disk_full",
        JournalRefusal.WriteFailed => "write_failed",
        JournalRefusal.TenantDeleted => "tenant_deleted",
        _ => "closed",
    }));

    public void Lost(long bytes) => _lost.Add(bytes);

    public void Synced(TimeSpan duration) => _syncDuration.Record(duration.TotalSeconds);

    public void SyncFailed() => _syncFailures.Add(1);

    public void Dispose()
    {
        if (_ownsMeter)
            _meter.Dispose();
    }
}
