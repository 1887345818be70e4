using System.Collections.Concurrent;
using Observability.Model;

namespace Observability.Storage.Tests.Journal;

/// <summary>What a replay gave, by partition.</summary>
internal sealed class RecordedReplay : IJournalReplay
{
    private readonly ConcurrentDictionary<TenantUid, Part> _parts = new();

    public (LabelSet Labels, long TimestampMs, long Bits)[] Of(TenantUid partition) =>
        _parts.TryGetValue(partition, out Part? part) ? [.. part.Samples] : [];

    public IEnumerable<TenantUid> Partitions => _parts.Keys.Order();

    public void Define(TenantUid partition, long seriesId, LabelSet labels) =>
        _parts.GetOrAdd(partition, _ => new Part()).Series[seriesId] = labels;

    public void Append(TenantUid partition, long timestampMs, ReadOnlySpan<long> seriesIds, ReadOnlySpan<long> valueBits)
    {
        Part part = _parts[partition];
        for (int i = 0; i < seriesIds.Length; i++)
            part.Samples.Add((part.Series[seriesIds[i]], timestampMs, valueBits[i]));
    }

    private sealed class Part
    {
        public readonly Dictionary<long, LabelSet> Series = [];
        public readonly List<(LabelSet, long, long)> Samples = [];
    }
}
