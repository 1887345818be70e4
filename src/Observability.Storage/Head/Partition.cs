using System.Buffers;
using System.Text;
using Observability.Model;
using Observability.Storage.Chunks;
using Observability.Storage.Index;

namespace Observability.Storage.Head;

/// <summary>
/// All that is stored of one tenant: series, index, strings, chunks. Nothing in it is shared with another partition. Its lock is held
/// by writers for a batch and by readers for as long as it takes to copy one series' bytes.
/// </summary>
internal sealed class Partition(MetricStore store, TenantUid tenant, StoreOptions options)
{
    private const int TruncateStep = 512;   // series that a truncation visits before it lets others in
    private const int MaxSelectAttempts = 8;

    private readonly Lock _lock = new();
    private readonly SeriesIndex _index = new();
    private readonly ChunkSlab _slab = new();
    private readonly long _maxChunkMs = (long)options.HeadRange.TotalMilliseconds / 2;
    private StoreWrites _writes;
    private bool _isRemoved;
    private long _nextId;
    private int _seriesCount;
    private long _chunkBytes;

    public MetricStore Store => store;

    public TenantUid Tenant => tenant;

    /// <summary>True once the tenant was deleted: nothing can be read or written here any more.</summary>
    public bool IsRemoved => Volatile.Read(ref _isRemoved);

    /// <summary>Series in the index. Read on any thread.</summary>
    public int SeriesCount => Volatile.Read(ref _seriesCount);

    /// <summary>Bytes of the chunks' memory, used or not. Read on any thread.</summary>
    public long ChunkBytes => Volatile.Read(ref _chunkBytes);

    public StoreWrites Writes
    {
        get
        {
            lock (_lock)
                return _writes;
        }
    }

    /// <exception cref="SeriesLimitException">The partition is full, or the labels are too many or too long.</exception>
    public HeadSeries Resolve(LabelSet labels, bool checksLimits = true)
    {
        lock (_lock)
        {
            if (_index.TryFind(labels, out HeadSeries? series))
                return series;
            if (checksLimits)
                CheckSize(labels);
            if (checksLimits && _index.Count >= options.MaxSeriesPerPartition)
                throw new SeriesLimitException(tenant, SeriesLimit.ActiveSeries, options.MaxSeriesPerPartition);
            series = new HeadSeries(this, ++_nextId, _index.Intern(labels));
            _index.Add(series);
            Publish();
            return series;
        }
    }

    /// <summary>
    /// Appends in order. <paramref name="before"/> is what became of the batch's other samples for this partition, and is counted with
    /// the rest.
    /// </summary>
    public WriteResult Append(ReadOnlySpan<BatchSample> samples, WriteResult before)
    {
        int accepted = 0, duplicates = 0, outOfOrder = 0, overLimit = 0;
        lock (_lock)
        {
            foreach (ref readonly BatchSample sample in samples)
            {
                HeadSeries? series = sample.Series.Reference != HeadSeries.NotIndexed ? sample.Series : Revive(sample.Series);
                if (series is null)
                {
                    overLimit++;
                    continue;
                }
                switch (series.Append(_slab, sample.TimestampMs, sample.ValueBits, _maxChunkMs))
                {
                    case AppendOutcome.Accepted:
                        accepted++;
                        break;
                    case AppendOutcome.Duplicate:
                        duplicates++;
                        break;
                    default:
                        outOfOrder++;
                        break;
                }
            }
            WriteResult result = before + new WriteResult(accepted, duplicates, outOfOrder, 0, 0, overLimit);
            _writes = _writes.Plus(result);
            Publish();
            return result;
        }
    }

    /// <summary>Time of the newest sample and whether it is the stale marker; null where there is no sample.</summary>
    public (long TimestampMs, bool HasEnded)? Newest(HeadSeries series)
    {
        lock (_lock)
        {
            // The series that a forgotten one came back as, if it did.
            if (series.Reference == HeadSeries.NotIndexed && _index.TryFind(series.BuildLabels(), out HeadSeries? revived))
                series = revived;
            return series.IsEmpty ? null : (series.NewestMs, series.HasEnded);
        }
    }

    /// <summary>
    /// Series that match and may have samples in the range, sorted by nothing. A grant limited to namespaces gives their names, each
    /// with the first time that it opens; null stands for the whole partition.
    /// </summary>
    public List<VisibleSeries> Select(
        IReadOnlyDictionary<string, long>? namespaces, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken)
    {
        var series = new List<HeadSeries>();
        for (int attempt = 1; ; attempt++)
        {
            SeriesSelection selection;
            lock (_lock)
            {
                selection = new SeriesSelection(_index, namespaces?.Keys, matchers);
                // Numbering anew is rare; should it happen again and again, this reader makes it wait once.
                if (attempt == MaxSelectAttempts)
                {
                    selection.TryRun(series, cancellationToken);
                    break;
                }
            }
            if (selection.TryRun(series, cancellationToken))
                break;
        }

        var visible = new List<VisibleSeries>(series.Count);
        foreach (HeadSeries one in series)
        {
            long fromMs = range.FromMs;
            if (namespaces is not null)
            {
                // Chosen by its namespace already; what the grant does not name stays closed even if that went wrong.
                if (!namespaces.TryGetValue(one.ValueOf(LabelNames.Namespace), out long grantedFromMs))
                    continue;
                fromMs = Math.Max(fromMs, grantedFromMs);
            }
            long oldestMs = one.OldestMs, newestMs = one.NewestMs;
            if (oldestMs <= newestMs && oldestMs <= range.ToMs && newestMs >= fromMs)
                visible.Add(new VisibleSeries(one, new TimeRange(fromMs, Math.Min(range.ToMs, newestMs))));
        }
        return visible;
    }

    public void Remove() => Volatile.Write(ref _isRemoved, true);

    /// <summary>Adds a series' samples in a range, oldest first.</summary>
    /// <exception cref="DataRemovedException">The tenant was deleted.</exception>
    public void CopySamples(HeadSeries series, TimeRange range, List<Sample> samples)
    {
        if (IsRemoved)
            throw new DataRemovedException("The tenant's data was deleted.");
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            int length;
            while (true)
            {
                lock (_lock)
                    length = series.CopyChunks(_slab, range, buffer);
                if (length <= buffer.Length)
                    break;
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(length + 1024); // it may grow meanwhile
            }
            if (length > 0)
                Decode(buffer.AsSpan(0, length), range, samples);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Chunks of a series, as (chunks, samples, bytes).</summary>
    public (int Chunks, int Samples, int Bytes) Count(HeadSeries series)
    {
        lock (_lock)
            return series.Count(_slab);
    }

    /// <summary>Drops chunks that ended before a time, and forgets series without samples.</summary>
    public void Truncate(long beforeMs)
    {
        HeadSeries[] all;
        lock (_lock)
        {
            all = new HeadSeries[_index.Count];
            _index.CopyTo(all);
        }
        var empty = new List<HeadSeries>();
        for (int start = 0; start < all.Length; start += TruncateStep)
        {
            lock (_lock)
            {
                foreach (HeadSeries series in all.AsSpan(start, Math.Min(TruncateStep, all.Length - start)))
                {
                    bool wasEmpty = series.IsEmpty;
                    series.DropBefore(_slab, beforeMs);
                    // One that never had a sample was perhaps resolved just now: it has until the next time.
                    if (series.IsEmpty && (!wasEmpty || series.WasFoundEmpty))
                        empty.Add(series);
                    series.WasFoundEmpty = wasEmpty;
                }
            }
        }
        lock (_lock)
        {
            empty.RemoveAll(series => !series.IsEmpty || series.Reference == HeadSeries.NotIndexed); // got a sample, or another truncation was faster
            if (empty.Count > 0)
                _index.Remove(empty);
            Publish();
        }
    }

    /// <summary>The series that stands for a forgotten one now; null when there is no room.</summary>
    private HeadSeries? Revive(HeadSeries forgotten)
    {
        LabelSet labels = forgotten.BuildLabels();
        if (_index.TryFind(labels, out HeadSeries? series))
            return series;
        if (_index.Count >= options.MaxSeriesPerPartition)
            return null;
        forgotten.Pairs = _index.Intern(labels);
        forgotten.WasFoundEmpty = false;
        _index.Add(forgotten);
        return forgotten;
    }

    private void CheckSize(LabelSet labels)
    {
        if (labels.Count > options.MaxLabels)
            throw new SeriesLimitException(tenant, SeriesLimit.Labels, options.MaxLabels);
        foreach (Label label in labels.AsSpan())
        {
            if (Encoding.UTF8.GetByteCount(label.Name) > options.MaxLabelNameBytes)
                throw new SeriesLimitException(tenant, SeriesLimit.LabelNameBytes, options.MaxLabelNameBytes);
            if (Encoding.UTF8.GetByteCount(label.Value) > options.MaxLabelValueBytes)
                throw new SeriesLimitException(tenant, SeriesLimit.LabelValueBytes, options.MaxLabelValueBytes);
        }
    }

    private void Publish()
    {
        Volatile.Write(ref _seriesCount, _index.Count);
        Volatile.Write(ref _chunkBytes, _slab.AllocatedBytes);
    }

    private static void Decode(ReadOnlySpan<byte> chunks, TimeRange range, List<Sample> samples)
    {
        int end = chunks.Length - XorChunk.Padding;
        for (int position = 0; position < end;)
        {
            int length = BitConverter.ToInt32(chunks[position..]);
            var reader = new XorReader(chunks[(position + sizeof(int))..]);
            while (reader.MoveNext() && reader.TimestampMs <= range.ToMs)
            {
                if (reader.TimestampMs >= range.FromMs)
                    samples.Add(new Sample(reader.TimestampMs, BitConverter.Int64BitsToDouble(reader.ValueBits)));
            }
            position += sizeof(int) + length;
        }
    }
}
