using System.IO.Hashing;
using System.Runtime.InteropServices;
using Observability.Model;
using Observability.Storage.Blocks.Files;
using Observability.Storage.Blocks.Selection;

namespace Observability.Storage.Blocks.Merging;

/// <summary>The columns of times of a merge: where each row of each source's columns stands in the merged block.</summary>
internal sealed class JoinedTimes
{
    /// <summary>Longest column made by joining: reading a few minutes of a day should not decode the day.</summary>
    private const int MaxRows = 2048;

    private readonly BlockWriter _writer;
    private readonly BlockReading[] _sources;
    private readonly Position[][] _places; // by source, by column
    private readonly Dictionary<UInt128, int> _own = [];

    public JoinedTimes(BlockWriter writer, BlockReading[] sources)
    {
        _writer = writer;
        _sources = sources;
        _places = [.. sources.Select(source => new Position[source.Block.Index.Times.Length])];
        foreach (Position[] places in _places)
            places.AsSpan().Fill(Position.None);
        Link();
    }

    /// <summary>Where a run's rows are in the merged block.</summary>
    public (int Column, int FirstRow, int Rows) Place(int source, SeriesRun run)
    {
        ref Position place = ref _places[source][run.Times];
        if (place.Merged < 0)
            Write(source, run.Times);
        return (place.Merged, place.Offset + run.FirstRow, run.Rows);
    }

    /// <summary>A column of these times and no others.</summary>
    public int OfOneSeries(ReadOnlySpan<long> timesMs)
    {
        UInt128 hash = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(timesMs));
        ref int column = ref CollectionsMarshal.GetValueRefOrAddDefault(_own, hash, out bool exists);
        if (!exists)
            column = _writer.AddTimes(timesMs);
        return column;
    }

    /// <summary>Finds the columns that continue others: some series goes from the last row of the one to the first row of the other.</summary>
    private void Link()
    {
        var lastOf = new Dictionary<LabelSet, (int Source, int Column)>();
        var runs = new List<SeriesRun>();
        for (int source = 0; source < _sources.Length; source++)
        {
            BlockReading reading = _sources[source];
            ReadOnlySpan<TimesEntry> times = reading.Block.Index.Times;
            bool[] hasBegun = new bool[times.Length], hasEnded = new bool[times.Length];
            for (int series = 0; series < reading.Block.Index.Series; series++)
            {
                runs.Clear();
                reading.Block.Index.ReadRuns(series, runs);
                SeriesRun first = runs[0], last = runs[^1];
                bool begins = first.FirstRow == 0 && !hasBegun[first.Times];
                bool ends = last.FirstRow + last.Rows == times[last.Times].Rows && !hasEnded[last.Times];
                if (!begins && !ends)
                    continue; // one series of a group is enough, and so few labels are made
                hasBegun[first.Times] |= begins;
                hasEnded[last.Times] |= ends;
                LabelSet labels = reading.LabelsOf(series);
                if (begins && lastOf.TryGetValue(labels, out (int Source, int Column) before))
                    Join(before, (source, first.Times));
                if (ends)
                    lastOf[labels] = (source, last.Times);
            }
        }
    }

    private void Join((int Source, int Column) before, (int Source, int Column) after)
    {
        if (before.Source == after.Source)
            return;
        ref Position earlier = ref _places[before.Source][before.Column];
        ref Position later = ref _places[after.Source][after.Column];
        TimesEntry first = _sources[before.Source].Block.Index.Times[before.Column], second = _sources[after.Source].Block.Index.Times[after.Column];
        if (earlier.Next is not null || later.Previous is not null || second.FirstMs <= first.LastMs || earlier.Offset + first.Rows + second.Rows > MaxRows)
            return;
        earlier = earlier with { Next = after };
        later = later with { Offset = earlier.Offset + first.Rows, Previous = before };
    }

    /// <summary>Writes the whole column that a source's column is part of.</summary>
    private void Write(int source, int column)
    {
        (int Source, int Column) start = (source, column);
        while (_places[start.Source][start.Column].Previous is { } previous)
            start = previous;
        var all = new List<long>();
        for ((int Source, int Column)? at = start; at is { } one; at = _places[one.Source][one.Column].Next)
            AddTimes(one, all);
        int merged = _writer.AddTimes(CollectionsMarshal.AsSpan(all));
        for ((int Source, int Column)? at = start; at is { } one;)
        {
            ref Position place = ref _places[one.Source][one.Column];
            place = place with { Merged = merged };
            at = place.Next;
        }
    }

    private void AddTimes((int Source, int Column) one, List<long> all)
    {
        BlockReading source = _sources[one.Source];
        try
        {
            all.AddRange(source.Times(one.Column));
        }
        catch (Exception exception) when (exception is CorruptDataException or IOException)
        {
            throw new CorruptBlockException(source.Block, exception);
        }
    }

    private readonly record struct Position(int Merged, int Offset, (int Source, int Column)? Previous, (int Source, int Column)? Next)
    {
        public static Position None { get; } = new(-1, 0, null, null);
    }
}
