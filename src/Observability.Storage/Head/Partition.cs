using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Observability.Model;
using Observability.Storage.Index;

namespace Observability.Storage.Head;

/// <summary>
/// All that is in memory of one tenant: series, index, strings, samples. Nothing in it is shared with another partition. Its lock is held
/// by writers for a batch and by readers for as long as it takes to copy one series' bytes.
/// </summary>
internal sealed partial class Partition
{
    private const int TruncateStep = 512;   // series that a truncation or a selection visits before it lets others in
    private const int MaxSelectAttempts = 8;

    private readonly MetricStore _store;
    private readonly StoreOptions _options;
    private readonly Lock _lock = new();
    private readonly SeriesTable _table = new();
    private readonly SeriesIndex _index;
    private readonly HeadSamples _samples;
    private readonly TokenBucket _newSeries;
    private readonly TokenBucket _rate;
    private long _seriesRefused;
    private StoreWrites _writes;
    private bool _isRemoved;
    private int _seriesCount;
    private long _chunkBytes;

    public Partition(MetricStore store, TenantUid tenant, StoreOptions options)
    {
        _store = store;
        _options = options;
        Tenant = tenant;
        _index = new SeriesIndex(_table);
        _sealedToMs = _closedToMs = store.Blocks?.Find(tenant)?.SealedToMs ?? long.MinValue;
        _newSeries = new TokenBucket(options.MaxNewSeriesPerHour, TimeSpan.FromHours(1), store.Time);
        _rate = new TokenBucket(options.MaxSamplesPerSecond * 60L, TimeSpan.FromMinutes(1), store.Time);
        _samples = new HeadSamples((long)options.HeadRange.TotalMilliseconds / 2, (long)options.OutOfOrderWindow.TotalMilliseconds);
    }

    public MetricStore Store => _store;

    public TenantUid Tenant { get; }

    /// <summary>True once the tenant was deleted: nothing can be read or written here any more.</summary>
    public bool IsRemoved => Volatile.Read(ref _isRemoved);

    /// <summary>Series in the index. Read on any thread.</summary>
    public int SeriesCount => Volatile.Read(ref _seriesCount);

    /// <summary>Bytes of the samples' memory, used or not. Read on any thread.</summary>
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
                CheckLimits(labels);
            series = new HeadSeries(this);
            _index.Add(series, labels);
            Publish();
            return series;
        }
    }

    /// <summary>New series that a limit refused.</summary>
    public long SeriesRefused => Volatile.Read(ref _seriesRefused);

    /// <summary>How many of so many samples the rate lets in now.</summary>
    public int Admit(int samples)
    {
        lock (_lock)
            return _rate.Take(samples);
    }

    /// <summary>The ids of series, for the journal; a forgotten one comes back. 0 where there is no room for it.</summary>
    public void CopyIds(ReadOnlySpan<HeadSeries> series, Span<long> ids)
    {
        lock (_lock)
        {
            for (int i = 0; i < series.Length; i++)
            {
                HeadSeries? one = series[i].Slot != HeadSeries.NotIndexed ? series[i] : Revive(series[i]);
                ids[i] = one is null ? 0 : one.Slot + _index.IdBase;
            }
        }
    }

    /// <summary>
    /// Appends in order. <paramref name="before"/> is what became of the batch's other samples for this partition, and is counted with
    /// the rest.
    /// </summary>
    public WriteResult Append(ReadOnlySpan<JournalRun> runs, ReadOnlySpan<HeadSeries> series, ReadOnlySpan<long> valueBits, WriteResult before)
    {
        int accepted = 0, duplicates = 0, outOfOrder = 0, tooOld = 0, overLimit = 0, at = 0;
        lock (_lock)
        {
            foreach (JournalRun one in runs)
            {
                if (one.TimestampMs <= _closedToMs)
                {
                    tooOld += one.Count;
                    at += one.Count;
                    continue;
                }
                var run = new SampleRun(one.TimestampMs);
                for (int end = at + one.Count; at < end; at++)
                {
                    int slot = series[at].Slot;
                    if (slot == HeadSeries.NotIndexed)
                    {
                        if (Revive(series[at]) is not { } revived)
                        {
                            overLimit++;
                            continue;
                        }
                        slot = revived.Slot;
                    }
                    switch (_samples.Append(ref _table[slot], valueBits[at], ref run))
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
            }
            WriteResult result = before + new WriteResult(accepted, duplicates, outOfOrder, tooOld, 0, overLimit);
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
            int slot = series.Slot;
            if (slot == HeadSeries.NotIndexed && series.ForgottenLabels is { } labels && _index.TryFind(labels, out HeadSeries? revived))
                slot = revived.Slot;
            if (slot == HeadSeries.NotIndexed)
                return null;
            ref SeriesState state = ref _table[slot];
            return state.IsEmpty ? null : (state.NewestMs, state.HasEnded);
        }
    }

    public LabelSet LabelsOf(HeadSeries series)
    {
        LabelPair[] pairs = ArrayPool<LabelPair>.Shared.Rent(64);
        try
        {
            int count;
            lock (_lock)
            {
                if (series.Slot == HeadSeries.NotIndexed)
                    return series.ForgottenLabels ?? LabelSet.Empty;
                ReadOnlySpan<int> ids = _index.LabelsOf(_table[series.Slot]);
                count = ids.Length;
                if (count > pairs.Length)
                    pairs = new LabelPair[count];
                for (int i = 0; i < count; i++)
                    pairs[i] = _index.Pair(ids[i]);
            }
            var labels = new Label[count];
            for (int i = 0; i < count; i++)
                labels[i] = new Label(pairs[i].Label.Name, pairs[i].Value);
            return LabelSet.FromSorted(ImmutableCollectionsMarshal.AsImmutableArray(labels));
        }
        finally
        {
            if (pairs.Length == 64)
                ArrayPool<LabelPair>.Shared.Return(pairs);
        }
    }

    /// <summary>The labels of one name, null where a series has none or is forgotten.</summary>
    public void CopyLabels(ReadOnlySpan<int> slots, LabelValuesIndex name, Span<LabelPair?> pairs)
    {
        lock (_lock)
        {
            for (int i = 0; i < slots.Length; i++)
                pairs[i] = _table.HandleOf(slots[i]) is null ? null : _index.LabelOf(_table[slots[i]], name);
        }
    }

    /// <summary>All labels that any of the series has.</summary>
    public List<LabelPair> LabelsOf(List<VisibleSeries> series)
    {
        var found = new List<LabelPair>();
        lock (_lock)
        {
            var seen = new ReferenceSet(_index.PairCount);
            foreach (VisibleSeries one in series)
            {
                if (one.Series.Slot == HeadSeries.NotIndexed)
                    continue; // forgotten since
                foreach (int id in _index.LabelsOf(_table[one.Series.Slot]))
                {
                    if (seen.Add(id))
                        found.Add(_index.Pair(id));
                }
            }
            seen.Return();
        }
        return found;
    }

    /// <summary>
    /// Series that match and may have samples in the range, sorted by nothing. A grant limited to namespaces gives their names, each
    /// with the first time that it opens; null stands for the whole partition.
    /// </summary>
    public List<VisibleSeries> Select(
        IReadOnlyDictionary<string, long>? namespaces, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken)
    {
        var visible = new List<VisibleSeries>();
        for (int attempt = 1; ; attempt++)
        {
            visible.Clear();
            SeriesSelection selection;
            lock (_lock)
            {
                selection = new SeriesSelection(_index, namespaces?.Keys, matchers);
                // Numbering anew is rare; should it happen again and again, this reader makes it wait once.
                if (attempt == MaxSelectAttempts)
                {
                    TrySelect(selection, namespaces, range, visible, cancellationToken);
                    return visible;
                }
            }
            if (TrySelect(selection, namespaces, range, visible, cancellationToken))
                return visible;
        }
    }

    /// <summary>Adds a series' samples in a range that are in memory, oldest first.</summary>
    /// <exception cref="DataRemovedException">The tenant was deleted.</exception>
    public void Read(HeadSeries series, TimeRange range, SampleColumns into)
    {
        if (IsRemoved)
            throw new DataRemovedException("The tenant's data was deleted.");
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        int length = Copy(series, range, ref buffer);
        if (length > 0)
            ChunkCopy.Decode(buffer.AsSpan(0, length), range, into);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Chunks of a series, as (chunks, samples, bytes).</summary>
    public (int Chunks, int Samples, int Bytes) Count(HeadSeries series)
    {
        lock (_lock)
            return series.Slot == HeadSeries.NotIndexed ? default : _samples.Count(_table[series.Slot]);
    }

    /// <summary>Drops chunks that ended before a time and are on disk where there is one, and forgets series without samples.</summary>
    public void Truncate(long beforeMs)
    {
        lock (_upkeep)
            DropBefore(_store.Blocks is null ? beforeMs : Math.Min(beforeMs, SealedToMs == long.MinValue ? SealedToMs : SealedToMs + 1));
    }

    private void DropBefore(long beforeMs)
    {
        var empty = new List<HeadSeries>();
        int numbering = _index.Numbering;
        for (int start = 0; ;)
        {
            lock (_lock)
            {
                if (numbering != _index.Numbering) // what was visited may have another slot: once more
                    (start, numbering) = (0, _index.Numbering);
                int end = Math.Min(start + TruncateStep, _table.Length);
                for (; start < end; start++)
                {
                    if (_table.HandleOf(start) is not { } series)
                        continue;
                    ref SeriesState state = ref _table[start];
                    bool wasEmpty = state.IsEmpty;
                    _samples.DropBefore(ref state, beforeMs);
                    // One that never had a sample was perhaps resolved just now: it has until the next time.
                    if (state.IsEmpty && (!wasEmpty || state.WasFoundEmpty != 0))
                        empty.Add(series);
                    state.WasFoundEmpty = wasEmpty ? (byte)1 : (byte)0;
                }
                if (start >= _table.Length)
                {
                    // Some got a sample meanwhile, or another truncation was faster.
                    empty.RemoveAll(series => series.Slot == HeadSeries.NotIndexed || !_table[series.Slot].IsEmpty);
                    Forget(empty);
                    Publish();
                    return;
                }
            }
        }
    }

    private bool TrySelect(
        SeriesSelection selection, IReadOnlyDictionary<string, long>? namespaces, TimeRange range, List<VisibleSeries> visible,
        CancellationToken cancellationToken)
    {
        ArraySegment<int> slots = selection.Run(this, cancellationToken);
        visible.EnsureCapacity(slots.Count);
        for (int start = 0; start < slots.Count; start += TruncateStep)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock)
            {
                if (!selection.View.IsCurrent)
                    break;
                foreach (int slot in slots.AsSpan(start, Math.Min(TruncateStep, slots.Count - start)))
                    Show(slot, namespaces, range, visible);
            }
        }
        ArrayPool<int>.Shared.Return(slots.Array!); // it came from there
        return selection.View.IsCurrent;
    }

    /// <summary>Copies a series' chunks into a buffer of the pool, exchanged for a longer one where needed.</summary>
    private int Copy(HeadSeries series, TimeRange range, ref byte[] buffer)
    {
        while (true)
        {
            int length;
            lock (_lock)
                length = series.Slot == HeadSeries.NotIndexed ? 0 : _samples.Copy(_table[series.Slot], range, buffer);
            if (length <= buffer.Length)
                return length;
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(length + 1024); // it may grow meanwhile
        }
    }

    private void Show(int slot, IReadOnlyDictionary<string, long>? namespaces, TimeRange range, List<VisibleSeries> visible)
    {
        if (_table.HandleOf(slot) is not { } series)
            return;
        ref SeriesState state = ref _table[slot];
        long fromMs = range.FromMs;
        if (namespaces is not null)
        {
            // Chosen by its namespace already; what the grant does not name stays closed even if that went wrong.
            if (!_index.TryGetName(LabelNames.Namespace, out LabelValuesIndex? name) || _index.LabelOf(state, name) is not { } pair
                || !namespaces.TryGetValue(pair.Value, out long grantedFromMs))
                return;
            fromMs = Math.Max(fromMs, grantedFromMs);
        }
        if (!state.IsEmpty && state.OldestMs <= range.ToMs && state.NewestMs >= fromMs)
            visible.Add(new VisibleSeries(series, new TimeRange(fromMs, Math.Min(range.ToMs, state.NewestMs))));
    }

    private void Forget(List<HeadSeries> series)
    {
        if (series.Count == 0)
            return;
        foreach (HeadSeries one in series)
        {
            ReadOnlySpan<int> ids = _index.LabelsOf(_table[one.Slot]);
            var labels = new Label[ids.Length];
            for (int i = 0; i < ids.Length; i++)
                labels[i] = new Label(_index.Pair(ids[i]).Label.Name, _index.Pair(ids[i]).Value);
            one.ForgottenLabels = LabelSet.FromSorted(ImmutableCollectionsMarshal.AsImmutableArray(labels));
        }
        _index.Remove(series);
    }

    /// <summary>The series that stands for a forgotten one now; null when there is no room.</summary>
    private HeadSeries? Revive(HeadSeries forgotten)
    {
        LabelSet labels = forgotten.ForgottenLabels!; // set when it was forgotten
        if (_index.TryFind(labels, out HeadSeries? series))
            return series;
        if (_index.Count >= _options.MaxSeriesPerPartition || _newSeries.Take(1) == 0)
            return null;
        _index.Add(forgotten, labels);
        forgotten.ForgottenLabels = null;
        return forgotten;
    }

    private void CheckLimits(LabelSet labels)
    {
        if (LimitPassedBy(labels) is not { } passed)
            return;
        _seriesRefused++;
        throw new SeriesLimitException(Tenant, passed.Limit, passed.Maximum);
    }

    private (SeriesLimit Limit, int Maximum)? LimitPassedBy(LabelSet labels)
    {
        if (labels.Count > _options.MaxLabels)
            return (SeriesLimit.Labels, _options.MaxLabels);
        foreach (Label label in labels.AsSpan())
        {
            if (Encoding.UTF8.GetByteCount(label.Name) > _options.MaxLabelNameBytes)
                return (SeriesLimit.LabelNameBytes, _options.MaxLabelNameBytes);
            if (Encoding.UTF8.GetByteCount(label.Value) > _options.MaxLabelValueBytes)
                return (SeriesLimit.LabelValueBytes, _options.MaxLabelValueBytes);
        }
        if (_index.Count >= _options.MaxSeriesPerPartition)
            return (SeriesLimit.ActiveSeries, _options.MaxSeriesPerPartition);
        return _newSeries.Take(1) == 0 ? (SeriesLimit.NewSeriesPerHour, _options.MaxNewSeriesPerHour) : null;
    }

    private void Publish()
    {
        Volatile.Write(ref _seriesCount, _index.Count);
        Volatile.Write(ref _chunkBytes, _samples.AllocatedBytes);
    }
}
