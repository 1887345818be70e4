using System.Collections.Concurrent;
using Observability.Model;

namespace Observability.Storage.Head;

/// <summary>Fills a store that is empty with what a journal gives back. What was once accepted is accepted again, whatever the limits are now.</summary>
internal sealed class StoreReplay(MetricStore store) : IJournalReplay
{
    private readonly ConcurrentDictionary<TenantUid, Part> _parts = new();
    // Where there are blocks, whatever is not in them is still to be sealed, however old.
    private readonly long _oldestMs = store.Blocks is null ? store.AcceptedTimes().OldestMs : long.MinValue;

    public void Define(TenantUid partition, long seriesId, LabelSet labels)
    {
        Part part = _parts.GetOrAdd(partition, static (uid, store) => new Part(store.PartitionOf(uid)), store);
        part[seriesId] = part.Partition.Resolve(labels, checksLimits: false);
    }

    public void Append(TenantUid partition, long timestampMs, ReadOnlySpan<long> seriesIds, ReadOnlySpan<long> valueBits)
    {
        if (timestampMs >= _oldestMs)
            _parts[partition].Append(timestampMs, seriesIds, valueBits);
    }

    /// <summary>One partition's series by id, in pages: ids of series that are gone stay unused.</summary>
    private sealed class Part(Partition partition)
    {
        private const int PageBits = 10;

        private readonly Dictionary<long, HeadSeries[]> _pages = [];
        private HeadSeries[] _series = [];
        private long _pageNumber = -1;
        private HeadSeries[] _page = [];

        public Partition Partition => partition;

        public HeadSeries this[long id]
        {
            private get => PageOf(id)[id & ((1 << PageBits) - 1)];
            set => PageOf(id)[id & ((1 << PageBits) - 1)] = value;
        }

        public void Append(long timestampMs, ReadOnlySpan<long> seriesIds, ReadOnlySpan<long> valueBits)
        {
            if (timestampMs <= partition.SealedToMs)
                return; // in a block
            if (_series.Length < seriesIds.Length)
                _series = new HeadSeries[seriesIds.Length];
            for (int i = 0; i < seriesIds.Length; i++)
                _series[i] = this[seriesIds[i]];
            partition.Append([new JournalRun(timestampMs, seriesIds.Length)], _series.AsSpan(0, seriesIds.Length), valueBits, default);
        }

        private HeadSeries[] PageOf(long id)
        {
            if (id >> PageBits == _pageNumber)
                return _page;
            _pageNumber = id >> PageBits;
            if (!_pages.TryGetValue(_pageNumber, out HeadSeries[]? page))
                _pages.Add(_pageNumber, page = new HeadSeries[1 << PageBits]);
            return _page = page;
        }
    }
}
