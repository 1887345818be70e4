using System.Runtime.InteropServices;
using Observability.Model;
using Observability.Storage.Blocks.Files;
using Observability.Storage.Blocks.Selection;

namespace Observability.Storage.Blocks.Merging;

/// <summary>
/// Writes one block from several. Columns of times that continue one another are joined, so that series which were sampled together
/// go on sharing them; a series that the sources hold out of order gets its times in order, shared with those that have the same.
/// </summary>
internal sealed class BlockMerge
{
    private readonly BlockWriter _writer;
    private readonly BlockReading[] _sources;
    private readonly JoinedTimes _joined;
    private readonly SampleColumns _samples = new();
    private readonly List<SeriesRun> _runs = [];
    private readonly List<(int Column, int FirstRow, int Rows)> _pieces = [];

    private BlockMerge(BlockWriter writer, BlockReading[] sources)
    {
        _writer = writer;
        _sources = sources;
        _joined = new JoinedTimes(writer, sources);
    }

    /// <exception cref="CorruptBlockException">A source is damaged.</exception>
    public static void Run(PartitionBlocks partition, Block[] blocks, CancellationToken cancellationToken)
    {
        int entered = 0;
        try
        {
            foreach (Block block in blocks)
            {
                block.Enter();
                entered++;
            }
            var range = new TimeRange(blocks.Min(block => block.Info.Range.FromMs), blocks.Max(block => block.Info.Range.ToMs));
            using BlockWriter writer = partition.BeginBlock(range, [.. blocks.Select(block => block.Info.Id)]);
            new BlockMerge(writer, [.. blocks.Select(block => new BlockReading(block))]).Copy(cancellationToken);
            writer.Finish();
        }
        finally
        {
            foreach (Block block in blocks.AsSpan(0, entered))
                block.Exit();
        }
    }

    private void Copy(CancellationToken cancellationToken)
    {
        var next = new PriorityQueue<(int Source, int Series), (LabelSet Labels, int Source)>();
        for (int i = 0; i < _sources.Length; i++)
            Enqueue(next, i, 0);
        var same = new List<(int Source, int Series)>();
        while (next.TryDequeue(out (int Source, int Series) first, out (LabelSet Labels, int Source) key))
        {
            cancellationToken.ThrowIfCancellationRequested();
            same.Clear();
            same.Add(first);
            while (next.TryPeek(out (int Source, int Series) other, out (LabelSet Labels, int Source) otherKey) && otherKey.Labels == key.Labels)
            {
                same.Add(other);
                next.Dequeue();
            }
            _writer.BeginSeries(key.Labels);
            CopySeries(same);
            foreach ((int source, int series) in same)
                Enqueue(next, source, series + 1);
        }
    }

    private void Enqueue(PriorityQueue<(int Source, int Series), (LabelSet Labels, int Source)> next, int source, int series)
    {
        if (series < _sources[source].Block.Index.Series)
            next.Enqueue((source, series), (Guarded(source, reading => reading.Block.Index.LabelsOf(series, [])), source));
    }

    private void CopySeries(List<(int Source, int Series)> parts)
    {
        _samples.Clear();
        _pieces.Clear();
        bool isInOrder = true;
        foreach ((int source, int series) in parts)
        {
            int start = _samples.Count;
            Guarded(source, reading =>
            {
                reading.Read(series, TimeRange.All, _samples);
                _runs.Clear();
                reading.Block.Index.ReadRuns(series, _runs);
                return 0;
            });
            if (start > 0 && _samples.TimestampsMs[start] <= _samples.TimestampsMs[start - 1])
            {
                isInOrder = false;
                SampleMerge.Merge(_samples, 0, start);
            }
            foreach (SeriesRun run in _runs)
                AddPiece(_joined.Place(source, run));
        }
        ReadOnlySpan<long> bits = MemoryMarshal.Cast<double, long>(_samples.Values);
        if (!isInOrder)
        {
            _writer.AddRun(_joined.OfOneSeries(_samples.TimestampsMs), 0, bits);
            return;
        }
        foreach ((int column, int firstRow, int rows) in _pieces)
        {
            _writer.AddRun(column, firstRow, bits[..rows]);
            bits = bits[rows..];
        }
    }

    private void AddPiece((int Column, int FirstRow, int Rows) piece)
    {
        if (_pieces.Count > 0 && _pieces[^1] is var last && last.Column == piece.Column && last.FirstRow + last.Rows == piece.FirstRow)
            _pieces[^1] = last with { Rows = last.Rows + piece.Rows };
        else
            _pieces.Add(piece);
    }

    private T Guarded<T>(int source, Func<BlockReading, T> read)
    {
        try
        {
            return read(_sources[source]);
        }
        catch (Exception exception) when (exception is CorruptDataException or IOException)
        {
            throw new CorruptBlockException(_sources[source].Block, exception);
        }
    }
}
