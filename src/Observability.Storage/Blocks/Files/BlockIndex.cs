using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Observability.Model;
using Observability.Storage.Blocks.Columns;

namespace Observability.Storage.Blocks.Files;

/// <summary>
/// An open <c>index.bin</c>: mapped memory and no object per series; texts are made when somebody asks. Checked as a whole when it is
/// opened. Safe on any number of threads until it is disposed.
/// </summary>
internal sealed class BlockIndex : IDisposable
{
    private readonly MappedFile _file;
    private readonly PartEntry[] _parts;
    private readonly string[] _names;
    private readonly bool _namesAreOrdinal; // bytes and UTF-16 order names differently where surrogates are among them

    private BlockIndex(MappedFile file, PartEntry[] parts)
    {
        _file = file;
        _parts = parts;
        Facts = MemoryMarshal.Read<IndexFacts>(Part(IndexPart.Facts));
        _names = new string[Names.Length - 1];
        for (int i = 0; i < _names.Length; i++)
            _names[i] = Encoding.UTF8.GetString(Symbol(Names[i].Symbol));
        _namesAreOrdinal = _names.Zip(_names.Skip(1)).All(pair => string.CompareOrdinal(pair.First, pair.Second) < 0);
    }

    public IndexFacts Facts { get; }

    public long Length => _file.Length;

    public TimeRange Range => new(Facts.FromMs, Facts.ToMs);

    public int Series => (int)Facts.Series;

    public ReadOnlySpan<UnitEntry> Units => Rows<UnitEntry>(IndexPart.Units);

    public ReadOnlySpan<TimesEntry> Times => Rows<TimesEntry>(IndexPart.Times);

    public ReadOnlySpan<string> LabelNames => _names;

    private ReadOnlySpan<NameEntry> Names => Rows<NameEntry>(IndexPart.Names);

    /// <exception cref="CorruptDataException">The file is damaged, or is not of this partition.</exception>
    public static BlockIndex Open(string path, TenantUid partition)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Blocks are read as they lie on disk, which is little-endian.");
        var file = new MappedFile(path);
        try
        {
            PartEntry[] parts = CheckedParts(file);
            PartEntry facts = parts[(int)IndexPart.Facts];
            ReadOnlySpan<byte> uid = file.Slice(facts.Offset, facts.Length)[Marshal.SizeOf<IndexFacts>()..];
            if (!uid.SequenceEqual(Encoding.UTF8.GetBytes(partition.ToString())))
                throw new CorruptDataException($"{path} is of another partition.");
            return new BlockIndex(file, parts);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The pairs of a label name, as numbers: first, and how many; none where no series has the label.</summary>
    public (int First, int Count) PairsOf(string name)
    {
        ReadOnlySpan<NameEntry> names = Names;
        for (int i = 0; i < _names.Length; i++) // a few dozen
        {
            if (string.Equals(_names[i], name, StringComparison.Ordinal))
                return (names[i].FirstPair, names[i + 1].FirstPair - names[i].FirstPair);
        }
        return default;
    }

    /// <summary>The pairs of a label name whose values begin with a text.</summary>
    public (int First, int Count) PairsOf(string name, string prefix)
    {
        (int first, int count) = PairsOf(name);
        byte[] wanted = Encoding.UTF8.GetBytes(prefix);
        int low = FirstNotBefore(first, first + count, wanted), end = low;
        // Values with the prefix follow each other; where they end is found as their beginning was.
        for (int high = first + count; end < high;)
        {
            int middle = (end + high) >>> 1;
            if (ValueOf(middle).StartsWith(wanted))
                end = middle + 1;
            else
                high = middle;
        }
        return (low, end - low);
    }

    /// <summary>The pair of a name and a value; -1 where no series has it.</summary>
    public int PairOf(string name, string value)
    {
        (int first, int count) = PairsOf(name);
        byte[] wanted = Encoding.UTF8.GetBytes(value);
        int pair = FirstNotBefore(first, first + count, wanted);
        return pair < first + count && ValueOf(pair).SequenceEqual(wanted) ? pair : -1;
    }

    /// <summary>A pair's value, UTF-8.</summary>
    public ReadOnlySpan<byte> ValueOf(int pair) => Symbol(Rows<int>(IndexPart.PairValues)[pair]);

    /// <summary>How many series have a pair.</summary>
    public int CountOf(int pair) => Rows<PostingsEntry>(IndexPart.PairPostings)[pair].Length;

    /// <summary>The series that have a pair: a rising list, or, where they are neighbours, an empty list and the range.</summary>
    public ReadOnlySpan<int> PostingsOf(int pair, out (int First, int Count) range)
    {
        PostingsEntry entry = Rows<PostingsEntry>(IndexPart.PairPostings)[pair];
        range = entry.IsRange ? ((int)entry.First, entry.Length) : default;
        return entry.IsRange ? [] : Rows<int>(IndexPart.Postings).Slice((int)entry.First, entry.Length);
    }

    /// <summary>A series' record, for the readers below.</summary>
    public ByteSource Record(int series)
    {
        ReadOnlySpan<uint> offsets = Rows<uint>(IndexPart.SeriesOffsets);
        return new ByteSource(Part(IndexPart.Series)[(int)offsets[series]..(int)offsets[series + 1]]);
    }

    /// <summary>The series' pair among those of one name; -1 where it has none.</summary>
    public int PairOfSeries(int series, int firstPair, int count)
    {
        ByteSource record = Record(series);
        int pair = 0;
        for (int left = record.Varint(int.MaxValue); left > 0; left--)
        {
            pair += record.Varint(int.MaxValue);
            if (pair >= firstPair)
                return pair < firstPair + count ? pair : -1;
        }
        return -1;
    }

    /// <summary>The runs of a series, in time order, at the end of a list.</summary>
    /// <returns>The times of its first and last sample.</returns>
    public TimeRange ReadRuns(int series, List<SeriesRun> into)
    {
        int before = into.Count;
        ByteSource record = Record(series);
        TimeRange times = ReadRuns(ref record, into);
        return into.Count > before ? times : throw new CorruptDataException("A series without runs.");
    }

    /// <summary>The times of a series' first and last sample.</summary>
    public TimeRange TimesOf(int series)
    {
        ByteSource record = Record(series);
        return ReadRuns(ref record, null);
    }

    /// <summary>A series' labels.</summary>
    /// <param name="series">Its number.</param>
    /// <param name="known">Labels by pair that were made before; added to.</param>
    public LabelSet LabelsOf(int series, Dictionary<int, Label> known)
    {
        ByteSource record = Record(series);
        var labels = new Label[record.Varint(int.MaxValue)];
        ReadOnlySpan<NameEntry> names = Names;
        int name = 0, pair = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            pair += record.Varint(int.MaxValue);
            while (names[name + 1].FirstPair <= pair)
                name++;
            ref Label label = ref CollectionsMarshal.GetValueRefOrAddDefault(known, pair, out bool exists);
            if (!exists)
                label = new Label(_names[name], Encoding.UTF8.GetString(ValueOf(pair)));
            labels[i] = label;
        }
        return _namesAreOrdinal ? LabelSet.FromSorted(ImmutableCollectionsMarshal.AsImmutableArray(labels)) : LabelSet.From(labels);
    }

    /// <summary>Writes a series' labels behind each other, names and values each behind their length: what a fingerprint is made of.</summary>
    public void WriteKey(int series, ByteSink key)
    {
        if (!_namesAreOrdinal)
        {
            SeriesKey.Write(LabelsOf(series, []), key);
            return;
        }
        ByteSource record = Record(series);
        ReadOnlySpan<NameEntry> names = Names;
        int name = 0, pair = 0;
        for (int left = record.Varint(int.MaxValue); left > 0; left--)
        {
            pair += record.Varint(int.MaxValue);
            while (names[name + 1].FirstPair <= pair)
                name++;
            SeriesKey.Write(Symbol(names[name].Symbol), ValueOf(pair), key);
        }
    }

    public void Dispose() => _file.Dispose();

    private TimeRange ReadRuns(ref ByteSource record, List<SeriesRun>? into)
    {
        for (int left = record.Varint(int.MaxValue); left > 0; left--)
            record.Varint();
        ReadOnlySpan<TimesEntry> columns = Times;
        long? fromMs = null, toMs = null;
        int runs = record.Varint(int.MaxValue);
        for (int i = 0; i < runs; i++)
        {
            ulong head = record.Varint();
            int times = (int)(head >> 1);
            ref readonly TimesEntry column = ref columns[times];
            bool isWhole = (head & 1) != 0;
            int firstRow = isWhole ? 0 : record.Varint(int.MaxValue), rows = isWhole ? column.Rows : record.Varint(int.MaxValue);
            var run = new SeriesRun(times, firstRow, rows, record.Varint(int.MaxValue), record.Varint(int.MaxValue));
            into?.Add(run);
            if (i == 0 && isWhole)
                fromMs = column.FirstMs;
            if (i == runs - 1 && isWhole)
                toMs = column.LastMs;
        }
        long first = fromMs ?? Facts.FromMs + (long)record.Varint();
        return new TimeRange(first, toMs ?? Facts.FromMs + (long)record.Varint());
    }

    private int FirstNotBefore(int low, int high, ReadOnlySpan<byte> value)
    {
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (ValueOf(middle).SequenceCompareTo(value) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static PartEntry[] CheckedParts(MappedFile file)
    {
        int headBytes = IndexFormat.HeadBytes;
        ReadOnlySpan<byte> head = file.Slice(0, headBytes);
        if (!head.StartsWith(IndexFormat.Magic))
            throw new CorruptDataException("It is no index of a block.");
        if (Crc32C.Of(head[..^sizeof(uint)]) != MemoryMarshal.Read<uint>(head[^sizeof(uint)..]))
            throw new CorruptDataException("The index's head does not match its checksum.");
        PartEntry[] parts = MemoryMarshal.Cast<byte, PartEntry>(head[IndexFormat.Magic.Length..^sizeof(uint)]).ToArray();
        for (int i = 0; i < parts.Length; i++)
        {
            if (Crc32C.Of(file.Slice(parts[i].Offset, parts[i].Length)) != parts[i].Checksum)
                throw new CorruptDataException($"The index's part {(IndexPart)i} does not match its checksum.");
        }
        return parts;
    }

    private ReadOnlySpan<byte> Symbol(int symbol)
    {
        ReadOnlySpan<uint> offsets = Rows<uint>(IndexPart.SymbolOffsets);
        return Part(IndexPart.Symbols)[(int)offsets[symbol]..(int)offsets[symbol + 1]];
    }

    private ReadOnlySpan<byte> Part(IndexPart part) => _file.Slice(_parts[(int)part].Offset, _parts[(int)part].Length);

    private ReadOnlySpan<T> Rows<T>(IndexPart part) where T : unmanaged => MemoryMarshal.Cast<byte, T>(Part(part));
}
