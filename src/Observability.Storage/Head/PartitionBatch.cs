using System.Runtime.InteropServices;
using Observability.Model;

namespace Observability.Storage.Head;

/// <summary>One partition's part of a batch; also what the journal is shown of it. Kept and used again with its batch.</summary>
internal sealed class PartitionBatch(Partition partition) : JournalRecord
{
    private const long StaleAtCommit = long.MinValue; // a stale marker whose time is not known yet

    private readonly List<JournalRun> _runs = [];
    private readonly List<HeadSeries> _series = [];
    private readonly List<long> _values = [];
    private readonly List<long> _ids = [];
    private WriteResult _refused;
    private bool _isTouched;
    private bool _hasStale;
    private bool _isAdmitted;

    public Partition Owner => partition;

    public override TenantUid Partition => partition.Tenant;

    public override ReadOnlySpan<JournalRun> Runs => CollectionsMarshal.AsSpan(_runs);

    public override ReadOnlySpan<long> SeriesIds => CollectionsMarshal.AsSpan(_ids);

    public override ReadOnlySpan<long> ValueBits => CollectionsMarshal.AsSpan(_values);

    /// <summary>True while nothing was added, whatever became of it.</summary>
    public bool IsUntouched => !_isTouched;

    public override LabelSet LabelsOf(int sample) => _series[sample].Labels;

    public void Add(HeadSeries series, long timestampMs, long valueBits)
    {
        _isTouched = true;
        _series.Add(series);
        _values.Add(valueBits);
        AddToRuns(timestampMs);
    }

    public void AddStale(HeadSeries series)
    {
        _hasStale = true;
        Add(series, StaleAtCommit, StaleMarker.Bits);
    }

    /// <summary>Takes out what the store does not take, and gives stale markers their times.</summary>
    public void Prepare(long oldestMs, long newestMs)
    {
        if (_hasStale)
            PlaceStaleMarkers();
        DropOutside(oldestMs, newestMs);
        int admitted = _isAdmitted ? _series.Count : partition.Admit(_series.Count);
        _isAdmitted = true; // once, though the journal may fail and the batch be committed again
        if (admitted < _series.Count)
        {
            _refused += new WriteResult(0, 0, 0, 0, 0, OverRate: _series.Count - admitted);
            Keep(static (sample, _, admitted) => sample < admitted, admitted);
        }
        CollectionsMarshal.SetCount(_ids, _series.Count);
        partition.CopyIds(CollectionsMarshal.AsSpan(_series), CollectionsMarshal.AsSpan(_ids));
        if (_ids.Contains(0))
            DropWithoutId();
    }

    /// <summary>Makes the samples visible, the journal having them.</summary>
    public WriteResult Append() =>
        partition.Append(CollectionsMarshal.AsSpan(_runs), CollectionsMarshal.AsSpan(_series), CollectionsMarshal.AsSpan(_values), _refused);

    /// <param name="maxKept">Samples whose memory is kept for the next batch.</param>
    public void Clear(int maxKept)
    {
        _runs.Clear();
        _series.Clear();
        _values.Clear();
        _ids.Clear();
        if (_series.Capacity > maxKept)
        {
            _runs.Capacity = 0;
            _series.Capacity = 0;
            _values.Capacity = 0;
            _ids.Capacity = 0;
        }
        _refused = default;
        _isTouched = false;
        _hasStale = false;
        _isAdmitted = false;
    }

    private void AddToRuns(long timestampMs)
    {
        if (_runs.Count > 0 && _runs[^1].TimestampMs == timestampMs)
            _runs[^1] = _runs[^1] with { Count = _runs[^1].Count + 1 };
        else
            _runs.Add(new JournalRun(timestampMs, 1));
    }

    private void DropOutside(long oldestMs, long newestMs)
    {
        int tooOld = 0, tooNew = 0;
        foreach (JournalRun run in _runs)
        {
            if (run.TimestampMs < oldestMs)
                tooOld += run.Count;
            else if (run.TimestampMs > newestMs)
                tooNew += run.Count;
        }
        if (tooOld + tooNew == 0)
            return;
        _refused += new WriteResult(0, 0, 0, tooOld, tooNew);
        Keep(static (_, timestampMs, times) => timestampMs >= times.OldestMs && timestampMs <= times.NewestMs, (OldestMs: oldestMs, NewestMs: newestMs));
    }

    private void DropWithoutId()
    {
        int before = _ids.Count;
        Keep(static (sample, _, ids) => ids[sample] != 0, _ids);
        _ids.RemoveAll(id => id == 0);
        _refused += new WriteResult(0, 0, 0, 0, 0, OverLimit: before - _ids.Count);
    }

    /// <summary>Keeps the samples that a condition holds for, given their index and time.</summary>
    private void Keep<T>(Func<int, long, T, bool> condition, T argument)
    {
        JournalRun[] runs = [.. _runs];
        _runs.Clear();
        int kept = 0, at = 0;
        foreach (JournalRun run in runs)
        {
            for (int end = at + run.Count; at < end; at++)
            {
                if (!condition(at, run.TimestampMs, argument))
                    continue;
                _series[kept] = _series[at];
                _values[kept++] = _values[at];
                AddToRuns(run.TimestampMs);
            }
        }
        _series.RemoveRange(kept, _series.Count - kept);
        _values.RemoveRange(kept, _values.Count - kept);
    }

    private void PlaceStaleMarkers()
    {
        _hasStale = false;
        long[] timesMs = [.. _runs.SelectMany(run => Enumerable.Repeat(run.TimestampMs, run.Count))];
        var newest = new Dictionary<HeadSeries, (long TimestampMs, bool HasEnded)?>();
        for (int i = 0; i < timesMs.Length; i++)
        {
            if (timesMs[i] == StaleAtCommit)
                newest.TryAdd(_series[i], partition.Newest(_series[i]));
        }
        for (int i = 0; i < timesMs.Length; i++)
        {
            if (!newest.TryGetValue(_series[i], out (long TimestampMs, bool HasEnded)? last))
                continue;
            if (timesMs[i] == StaleAtCommit)
            {
                if (last is not { HasEnded: false } open)
                    continue;
                timesMs[i] = open.TimestampMs + 1;
            }
            if (last is null || timesMs[i] > last.Value.TimestampMs)
                newest[_series[i]] = (timesMs[i], _values[i] == StaleMarker.Bits);
        }
        // What still has no time has nothing to end.
        _runs.Clear();
        int kept = 0;
        for (int i = 0; i < timesMs.Length; i++)
        {
            if (timesMs[i] == StaleAtCommit)
                continue;
            _series[kept] = _series[i];
            _values[kept++] = _values[i];
            AddToRuns(timesMs[i]);
        }
        _series.RemoveRange(kept, _series.Count - kept);
        _values.RemoveRange(kept, _values.Count - kept);
    }
}
