using System.Runtime.InteropServices;
using Observability.Model;

namespace Observability.Storage.Head;

/// <summary>One partition's part of a batch; also what the journal is shown of it. Kept and used again with its batch.</summary>
internal sealed class PartitionBatch(Partition partition) : JournalRecord
{
    private const long StaleAtCommit = long.MinValue; // a stale marker whose time is not known yet

    private readonly List<BatchSample> _samples = [];
    private readonly List<JournalRun> _runs = [];
    private readonly List<long> _ids = [];
    private readonly List<long> _values = [];
    private WriteResult _refused;
    private int _added;
    private bool _hasStale;

    public Partition Owner => partition;

    public override TenantUid Partition => partition.Tenant;

    public override ReadOnlySpan<JournalRun> Runs => CollectionsMarshal.AsSpan(_runs);

    public override ReadOnlySpan<long> SeriesIds => CollectionsMarshal.AsSpan(_ids);

    public override ReadOnlySpan<long> ValueBits => CollectionsMarshal.AsSpan(_values);

    /// <summary>True while nothing was added, whatever became of it.</summary>
    public bool IsUntouched => _added == 0;

    public override LabelSet LabelsOf(int sample) => _samples[sample].Series.BuildLabels();

    public void Add(HeadSeries series, long timestampMs, long valueBits)
    {
        _added++;
        _samples.Add(new BatchSample(series, timestampMs, valueBits));
    }

    public void AddStale(HeadSeries series)
    {
        _hasStale = true;
        Add(series, StaleAtCommit, StaleMarker.Bits);
    }

    /// <summary>Takes out what is outside the time that the store takes, and gives stale markers their times.</summary>
    public void Prepare(long oldestMs, long newestMs)
    {
        if (_hasStale)
            PlaceStaleMarkers();
        Span<BatchSample> samples = CollectionsMarshal.AsSpan(_samples);
        int kept = 0, tooOld = 0, tooNew = 0;
        foreach (BatchSample sample in samples)
        {
            if (sample.TimestampMs < oldestMs)
                tooOld++;
            else if (sample.TimestampMs > newestMs)
                tooNew++;
            else
                samples[kept++] = sample;
        }
        _samples.RemoveRange(kept, samples.Length - kept);
        _refused += new WriteResult(0, 0, 0, tooOld, tooNew);
        FillColumns();
    }

    /// <summary>Makes the samples visible, the journal having them.</summary>
    public WriteResult Append() => partition.Append(CollectionsMarshal.AsSpan(_samples), _refused);

    /// <param name="maxKept">Samples whose memory is kept for the next batch.</param>
    public void Clear(int maxKept)
    {
        _samples.Clear();
        ClearColumns();
        if (_samples.Capacity > maxKept)
        {
            _samples.Capacity = 0;
            _ids.Capacity = 0;
            _values.Capacity = 0;
            _runs.Capacity = 0;
        }
        _refused = default;
        _added = 0;
        _hasStale = false;
    }

    private void FillColumns()
    {
        ClearColumns();
        foreach (BatchSample sample in _samples)
        {
            _ids.Add(sample.Series.Id);
            _values.Add(sample.ValueBits);
            if (_runs.Count > 0 && _runs[^1].TimestampMs == sample.TimestampMs)
                _runs[^1] = _runs[^1] with { Count = _runs[^1].Count + 1 };
            else
                _runs.Add(new JournalRun(sample.TimestampMs, 1));
        }
    }

    private void ClearColumns()
    {
        _runs.Clear();
        _ids.Clear();
        _values.Clear();
    }

    private void PlaceStaleMarkers()
    {
        _hasStale = false;
        var newest = new Dictionary<HeadSeries, (long TimestampMs, bool HasEnded)?>();
        foreach (BatchSample sample in _samples)
        {
            if (sample.TimestampMs == StaleAtCommit)
                newest.TryAdd(sample.Series, partition.Newest(sample.Series));
        }
        Span<BatchSample> samples = CollectionsMarshal.AsSpan(_samples);
        int kept = 0;
        foreach (BatchSample sample in samples)
        {
            BatchSample placed = sample;
            if (newest.TryGetValue(sample.Series, out (long TimestampMs, bool HasEnded)? last))
            {
                if (sample.TimestampMs == StaleAtCommit)
                {
                    if (last is not { HasEnded: false } open)
                        continue;
                    placed = sample with { TimestampMs = open.TimestampMs + 1 };
                }
                if (last is null || placed.TimestampMs > last.Value.TimestampMs)
                    newest[sample.Series] = (placed.TimestampMs, placed.ValueBits == StaleMarker.Bits);
            }
            samples[kept++] = placed;
        }
        _samples.RemoveRange(kept, samples.Length - kept);
    }
}
