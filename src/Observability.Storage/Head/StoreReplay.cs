using System.Collections.Concurrent;
using Observability.Model;

namespace Observability.Storage.Head;

/// <summary>Fills a store that is empty with what a journal gives back. What was once accepted is accepted again, whatever the limits are now.</summary>
internal sealed class StoreReplay(MetricStore store) : IJournalReplay
{
    private readonly ConcurrentDictionary<TenantUid, Part> _parts = new();
    private readonly long _oldestMs = store.AcceptedTimes().OldestMs;

    public void Define(TenantUid partition, long seriesId, LabelSet labels)
    {
        Part part = _parts.GetOrAdd(partition, static (uid, store) => new Part(store.PartitionOf(uid)), store);
        part.Series[seriesId] = part.Partition.Resolve(labels, checksLimits: false);
    }

    public void Append(TenantUid partition, long timestampMs, ReadOnlySpan<long> seriesIds, ReadOnlySpan<long> valueBits)
    {
        if (timestampMs < _oldestMs)
            return;
        Part part = _parts[partition];
        var samples = new BatchSample[seriesIds.Length];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = new BatchSample(part.Series[seriesIds[i]], timestampMs, valueBits[i]);
        part.Partition.Append(samples, default);
    }

    private sealed class Part(Partition partition)
    {
        public readonly Partition Partition = partition;
        public readonly Dictionary<long, HeadSeries> Series = [];
    }
}
