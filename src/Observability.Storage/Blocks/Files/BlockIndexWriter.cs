using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Observability.Model;
using Observability.Storage.Blocks.Columns;

namespace Observability.Storage.Blocks.Files;

/// <summary>Gathers the series of a block in label order and writes <c>index.bin</c>.</summary>
internal sealed class BlockIndexWriter
{
    private readonly Dictionary<string, Dictionary<string, int>> _pairs = new(StringComparer.Ordinal); // by name, by value: number by first use
    private readonly List<(string Name, string Value)> _pairTexts = [];
    private readonly List<int> _seriesPairs = [];   // pairs of all series, one after the other
    private readonly List<int> _pairsEnd = [];      // where each series' pairs end
    private readonly ByteSink _records = new();     // what follows the pairs in each series' record
    private readonly List<int> _recordsEnd = [];

    public int Series => _pairsEnd.Count;

    public long Samples { get; private set; }

    /// <param name="labels">Behind those of the series before.</param>
    /// <param name="range">The block's range.</param>
    /// <param name="stored">Times of the first and the last sample.</param>
    /// <param name="runs">In time order.</param>
    /// <param name="times">The block's columns of times so far.</param>
    public void Add(LabelSet labels, TimeRange range, TimeRange stored, List<SeriesRun> runs, List<TimesEntry> times)
    {
        foreach (Label label in labels.AsSpan())
            _seriesPairs.Add(PairOf(label));
        _pairsEnd.Add(_seriesPairs.Count);
        _records.Varint((ulong)runs.Count);
        foreach (SeriesRun run in runs)
        {
            bool isWhole = run.IsWhole(times[run.Times]);
            _records.Varint(((ulong)run.Times << 1) | (isWhole ? 1UL : 0));
            if (!isWhole)
            {
                _records.Varint((ulong)run.FirstRow);
                _records.Varint((ulong)run.Rows);
            }
            _records.Varint((ulong)run.Unit);
            _records.Varint((ulong)run.Column);
            Samples += run.Rows;
        }
        // Where the column of times says it already, it is not said again.
        if (!runs[0].IsWhole(times[runs[0].Times]))
            _records.Varint((ulong)(stored.FromMs - range.FromMs));
        if (!runs[^1].IsWhole(times[runs[^1].Times]))
            _records.Varint((ulong)(stored.ToMs - range.FromMs));
        _recordsEnd.Add(_records.Length);
    }

    /// <summary>Writes the file and makes its content durable.</summary>
    /// <returns>Its length.</returns>
    public long Write(string path, TenantUid partition, TimeRange range, List<TimesEntry> times, List<UnitEntry> units, long dataBytes)
    {
        byte[][] parts = new byte[IndexFormat.Parts][];
        var facts = new IndexFacts(range.FromMs, range.ToMs, Series, Samples, dataBytes);
        parts[(int)IndexPart.Facts] = [.. MemoryMarshal.AsBytes([facts]), .. Encoding.UTF8.GetBytes(partition.ToString())];
        int[] order = WriteTexts(parts);
        WriteSeries(parts, order);
        parts[(int)IndexPart.Times] = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(times)).ToArray();
        parts[(int)IndexPart.Units] = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(units)).ToArray();

        using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var entries = new PartEntry[parts.Length];
        long end = Align(IndexFormat.HeadBytes);
        for (int i = 0; i < parts.Length; i++)
        {
            entries[i] = new PartEntry(end, parts[i].Length, Crc32C.Of(parts[i]));
            RandomAccess.Write(file, parts[i], end);
            end = Align(end + parts[i].Length);
        }
        RandomAccess.SetLength(file, end);
        var head = new ByteSink();
        head.Bytes(IndexFormat.Magic);
        head.Bytes(MemoryMarshal.AsBytes(entries.AsSpan()));
        head.UInt32(Crc32C.Of(head.Written));
        RandomAccess.Write(file, head.Written, 0);
        RandomAccess.FlushToDisk(file);
        return end;
    }

    private int PairOf(Label label)
    {
        if (!_pairs.TryGetValue(label.Name, out Dictionary<string, int>? values))
            _pairs.Add(label.Name, values = new Dictionary<string, int>(StringComparer.Ordinal));
        if (!values.TryGetValue(label.Value, out int pair))
        {
            values.Add(label.Value, pair = _pairTexts.Count);
            _pairTexts.Add((label.Name, label.Value));
        }
        return pair;
    }

    /// <summary>Symbols, names and pairs.</summary>
    /// <returns>For each pair by first use, its number in the file.</returns>
    private int[] WriteTexts(byte[][] parts)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, string value) in _pairTexts)
        {
            texts.Add(name);
            texts.Add(value);
        }
        (string Text, byte[] Bytes)[] symbols = [.. texts.Select(text => (text, Encoding.UTF8.GetBytes(text)))];
        Array.Sort(symbols, static (a, b) => a.Bytes.AsSpan().SequenceCompareTo(b.Bytes));
        var numbers = new Dictionary<string, int>(symbols.Length, StringComparer.Ordinal);
        var offsets = new uint[symbols.Length + 1];
        var bytes = new ByteSink();
        for (int i = 0; i < symbols.Length; i++)
        {
            numbers.Add(symbols[i].Text, i);
            bytes.Bytes(symbols[i].Bytes);
            offsets[i + 1] = (uint)bytes.Length;
        }

        (int Name, int Value, int ByFirstUse)[] pairs = [.. _pairTexts.Select((pair, i) => (numbers[pair.Name], numbers[pair.Value], i))];
        Array.Sort(pairs); // symbols are in the order of their texts
        var order = new int[pairs.Length];
        var names = new List<NameEntry>();
        var values = new int[pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            if (i == 0 || pairs[i].Name != pairs[i - 1].Name)
                names.Add(new NameEntry(pairs[i].Name, i));
            values[i] = pairs[i].Value;
            order[pairs[i].ByFirstUse] = i;
        }
        names.Add(new NameEntry(0, pairs.Length));
        parts[(int)IndexPart.SymbolOffsets] = MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray();
        parts[(int)IndexPart.Symbols] = bytes.Written.ToArray();
        parts[(int)IndexPart.Names] = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(names)).ToArray();
        parts[(int)IndexPart.PairValues] = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        return order;
    }

    private void WriteSeries(byte[][] parts, int[] order)
    {
        var offsets = new uint[Series + 1];
        var records = new ByteSink();
        var counts = new int[order.Length];
        foreach (ref int pair in CollectionsMarshal.AsSpan(_seriesPairs))
        {
            pair = order[pair];
            counts[pair]++;
        }
        Span<int> all = CollectionsMarshal.AsSpan(_seriesPairs);
        for (int series = 0, start = 0, recordStart = 0; series < Series; series++)
        {
            Span<int> pairs = all[start.._pairsEnd[series]];
            pairs.Sort();
            records.Varint((ulong)pairs.Length);
            int before = 0;
            foreach (int pair in pairs)
            {
                records.Varint((ulong)(pair - before));
                before = pair;
            }
            records.Bytes(_records.Written[recordStart.._recordsEnd[series]]);
            offsets[series + 1] = (uint)records.Length;
            (start, recordStart) = (_pairsEnd[series], _recordsEnd[series]);
        }
        parts[(int)IndexPart.SeriesOffsets] = MemoryMarshal.AsBytes(offsets.AsSpan()).ToArray();
        parts[(int)IndexPart.Series] = records.Written.ToArray();
        WritePostings(parts, counts);
    }

    private void WritePostings(byte[][] parts, int[] counts)
    {
        var starts = new int[counts.Length];
        for (int pair = 1; pair < counts.Length; pair++)
            starts[pair] = starts[pair - 1] + counts[pair - 1];
        var lists = new int[_seriesPairs.Count];
        int[] ends = [.. starts];
        for (int series = 0, i = 0; series < Series; series++)
        {
            for (; i < _pairsEnd[series]; i++)
                lists[ends[_seriesPairs[i]]++] = series;
        }
        var entries = new PostingsEntry[counts.Length];
        var postings = new List<int>();
        for (int pair = 0; pair < counts.Length; pair++)
        {
            ReadOnlySpan<int> list = lists.AsSpan(starts[pair], counts[pair]);
            if (list[^1] - list[0] == list.Length - 1)
            {
                entries[pair] = PostingsEntry.Range(list[0], list.Length);
                continue;
            }
            entries[pair] = PostingsEntry.List(postings.Count, list.Length);
            postings.AddRange(list);
        }
        parts[(int)IndexPart.PairPostings] = MemoryMarshal.AsBytes(entries.AsSpan()).ToArray();
        parts[(int)IndexPart.Postings] = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(postings)).ToArray();
    }

    private static long Align(long offset) => (offset + IndexFormat.Alignment - 1) / IndexFormat.Alignment * IndexFormat.Alignment;
}
