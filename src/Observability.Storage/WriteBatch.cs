using Observability.Model;
using Observability.Storage.Head;

namespace Observability.Storage;

/// <summary>
/// Samples that are journaled and shown together. Used by one thread at a time; disposing gives it back to the store, so that it must
/// not be used afterwards.
/// </summary>
public sealed class WriteBatch : IDisposable
{
    private const int MaxPartitionsKept = 64;
    private const int MaxSamplesKept = 64 * 1024;

    private readonly MetricStore _store;
    private readonly Dictionary<Partition, PartitionBatch> _byPartition = [];
    private readonly List<JournalRecord> _records = [];
    private PartitionBatch? _last;
    private bool _isOpen;

    internal WriteBatch(MetricStore store) => _store = store;

    /// <summary>Adds a sample. Whether it can be stored shows at the commit. <see cref="long.MinValue"/> is no time.</summary>
    public void Add(SeriesHandle series, long timestampMs, double value)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(timestampMs, long.MinValue);
        HeadSeries head = Own(series);
        PartOf(head).Add(head, timestampMs, BitConverter.DoubleToInt64Bits(value));
    }

    /// <summary>
    /// Ends a series: a stale marker 1 ms after its newest sample, those that this batch added before included. Nothing where it has
    /// no sample or has ended already.
    /// </summary>
    public void AddStale(SeriesHandle series)
    {
        HeadSeries head = Own(series);
        PartOf(head).AddStale(head);
    }

    /// <summary>
    /// Writes the batch to the journal, then makes it visible and empties it; after that it may be acknowledged. When the journal
    /// throws, or a tenant of the batch was deleted, nothing is visible and the batch still holds its samples. A selection that runs just
    /// then may see a part of the batch: of each series a beginning of its samples.
    /// </summary>
    public async ValueTask<WriteResult> CommitAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(!_isOpen, this);
        int epoch = _store.Commits.Enter();
        try
        {
            return await CommitInEpochAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _store.Commits.Exit(epoch);
        }
    }

    private async ValueTask<WriteResult> CommitInEpochAsync(CancellationToken cancellationToken)
    {
        (long oldestMs, long newestMs) = _store.AcceptedTimes();
        _records.Clear();
        foreach (PartitionBatch part in _byPartition.Values)
        {
            if (part.IsUntouched)
                continue;
            if (part.Owner.IsRemoved)
                throw new JournalUnavailableException(JournalRefusal.TenantDeleted, "A tenant of the batch was deleted since its series were resolved.");
            part.Prepare(oldestMs, newestMs);
            if (!part.SeriesIds.IsEmpty)
                _records.Add(part);
        }
        if (_records.Count > 0)
            await _store.Journal.WriteAsync(_records, cancellationToken).ConfigureAwait(false);

        WriteResult result = default;
        foreach (PartitionBatch part in _byPartition.Values)
        {
            if (!part.IsUntouched)
                result += part.Append();
        }
        _store.Metrics.Written(result);
        Clear();
        return result;
    }

    /// <summary>Discards what was not committed, and gives the batch back.</summary>
    public void Dispose()
    {
        if (!_isOpen)
            return;
        _isOpen = false;
        Clear();
        _store.GiveBack(this);
    }

    internal void Open() => _isOpen = true;

    private HeadSeries Own(SeriesHandle series)
    {
        ObjectDisposedException.ThrowIf(!_isOpen, this);
        return series is HeadSeries head && ReferenceEquals(head.Owner.Store, _store)
            ? head
            : throw new ArgumentException("The series is of another store.", nameof(series));
    }

    private PartitionBatch PartOf(HeadSeries series)
    {
        if (_last is not null && ReferenceEquals(_last.Owner, series.Owner))
            return _last;
        if (!_byPartition.TryGetValue(series.Owner, out PartitionBatch? part))
            _byPartition.Add(series.Owner, part = new PartitionBatch(series.Owner));
        return _last = part;
    }

    private void Clear()
    {
        _records.Clear();
        if (_byPartition.Count > MaxPartitionsKept)
        {
            _byPartition.Clear();
            _last = null;
            return;
        }
        foreach ((Partition partition, PartitionBatch part) in _byPartition)
        {
            if (partition.IsRemoved)
                _byPartition.Remove(partition);
            else
                part.Clear(MaxSamplesKept);
        }
        if (_last?.Owner.IsRemoved is true)
            _last = null;
    }
}
