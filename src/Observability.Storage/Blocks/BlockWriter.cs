using Observability.Model;
using Observability.Storage.Blocks.Columns;
using Observability.Storage.Blocks.Files;
using Observability.Storage.Disk;

namespace Observability.Storage.Blocks;

/// <summary>
/// Writes one block of a partition: made by <see cref="PartitionBlocks.BeginBlock(TimeRange)"/>, live once <see cref="Finish"/> returned. Disposed
/// before that, it leaves nothing behind. For one thread. Neighbours in label order lie side by side on disk; so do times columns in the
/// order of <see cref="AddTimes"/>, which is best called just before the first series that uses the column.
/// </summary>
internal sealed class BlockWriter : IDisposable
{
    private readonly PartitionBlocks _partition;
    private readonly TimeRange _range;
    private readonly IReadOnlyList<string> _sources;
    private readonly string _draft;
    private readonly DataFileWriter _data;
    private readonly BlockIndexWriter _index = new();
    private readonly UnitBuilder _values = new();
    private readonly UnitBuilder _timesUnit = new();
    private readonly List<long[]> _times = [];
    private readonly List<TimesEntry> _timesEntries = [];
    private readonly List<SeriesRun> _runs = [];
    private int _valuesNumber = -1;
    private int _timesNumber = -1;
    private LabelSet? _labels;
    private long _fromMs;
    private long _toMs;
    private bool _isFinished;

    public BlockWriter(PartitionBlocks partition, string directory, TimeRange range, IReadOnlyList<string> sources)
    {
        if (range.IsEmpty)
            throw new ArgumentException("The range is empty.", nameof(range));
        _partition = partition;
        _range = range;
        _sources = sources;
        _draft = Path.Combine(directory, BlockPaths.NewId(range.FromMs) + BlockPaths.DraftSuffix);
        Directory.CreateDirectory(_draft);
        _data = new DataFileWriter(Path.Combine(_draft, BlockPaths.Data));
    }

    /// <summary>Adds a column of times that series share: strictly rising, inside the block's range, not empty. Copied.</summary>
    /// <returns>Its id, for <see cref="AddRun"/>.</returns>
    public int AddTimes(ReadOnlySpan<long> timesMs)
    {
        if (timesMs.IsEmpty || timesMs[0] < _range.FromMs || timesMs[^1] > _range.ToMs)
            throw new ArgumentException("Times are missing or outside the block's range.", nameof(timesMs));
        for (int i = 1; i < timesMs.Length; i++)
        {
            if (timesMs[i] <= timesMs[i - 1])
                throw new ArgumentException("Times do not rise.", nameof(timesMs));
        }
        if (_timesNumber < 0)
            _timesNumber = _data.Reserve();
        _timesEntries.Add(new TimesEntry(timesMs[0], timesMs[^1], timesMs.Length, _timesNumber, _timesUnit.Columns));
        _timesUnit.AddTimes(timesMs);
        if (_timesUnit.IsFull)
            Close(_timesUnit, ref _timesNumber);
        _times.Add(timesMs.ToArray());
        return _times.Count - 1;
    }

    /// <summary>Starts the next series; the one before is complete. A series that gets no run is left out.</summary>
    /// <exception cref="ArgumentException">The labels do not come behind those of the series before (<see cref="LabelSet.CompareTo"/>).</exception>
    public void BeginSeries(LabelSet labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (_labels is not null && labels.CompareTo(_labels) <= 0)
            throw new ArgumentException($"{labels} does not come behind {_labels}.", nameof(labels));
        EndSeries();
        _labels = labels;
    }

    /// <summary>
    /// Adds samples of the series: values for rows <paramref name="firstRow"/> and following of a times column. Runs of a series come in
    /// time order and do not overlap; a row that the series misses ends its run.
    /// </summary>
    public void AddRun(int timesId, int firstRow, ReadOnlySpan<long> valueBits)
    {
        if (_labels is null)
            throw new InvalidOperationException("No series was begun.");
        ReadOnlySpan<long> times = _times[timesId].AsSpan(firstRow, valueBits.Length);
        if (times.IsEmpty || (_runs.Count > 0 && times[0] <= _toMs))
            throw new ArgumentException("A run is empty or overlaps the one before.", nameof(valueBits));
        if (_valuesNumber < 0)
            _valuesNumber = _data.Reserve();
        if (_runs.Count == 0)
            _fromMs = times[0];
        _toMs = times[^1];
        _runs.Add(new SeriesRun(timesId, firstRow, valueBits.Length, _valuesNumber, _values.Columns));
        _values.AddValues(valueBits, times);
        if (_values.IsFull)
            Close(_values, ref _valuesNumber);
    }

    /// <summary>Makes the block durable and live; null when no series had a sample, and then nothing is written.</summary>
    public BlockInfo? Finish()
    {
        EndSeries();
        if (_index.Series == 0)
            return null;
        Close(_values, ref _valuesNumber);
        Close(_timesUnit, ref _timesNumber);
        _data.Flush();
        long indexBytes = _index.Write(Path.Combine(_draft, BlockPaths.Index), _partition.Partition, _range, _timesEntries, _data.Units, _data.Length);
        var meta = new MetaFile(1, _partition.Partition.ToString(), _range.FromMs, _range.ToMs, _index.Series, _index.Samples, indexBytes, _data.Length, _sources);
        DurableFiles.Replace(Path.Combine(_draft, BlockPaths.Meta), ChecksummedJson.Write(meta, BlockJson.Default.MetaFile));
        _data.Dispose();
        string path = _draft[..^BlockPaths.DraftSuffix.Length];
        Directory.Move(_draft, path);
        _isFinished = true;
        DurableFiles.SyncDirectory(Path.GetDirectoryName(path)!); // a block lies in a folder
        return _partition.Publish(path, _sources);
    }

    public void Dispose()
    {
        _data.Dispose();
        if (!_isFinished && Directory.Exists(_draft))
            Directory.Delete(_draft, recursive: true);
    }

    private void EndSeries()
    {
        if (_labels is not null && _runs.Count > 0)
            _index.Add(_labels, _range, new TimeRange(_fromMs, _toMs), _runs, _timesEntries);
        _runs.Clear();
    }

    private void Close(UnitBuilder builder, ref int number)
    {
        if (builder.Columns > 0)
            _data.Write(number, builder);
        number = -1;
    }
}
