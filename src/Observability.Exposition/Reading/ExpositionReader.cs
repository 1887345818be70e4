namespace Observability.Exposition;

/// <summary>
/// Reads a whole page in memory, entry by entry, keeping nothing: for tools and tests. <see cref="RowCache"/> is for scrapes.
/// </summary>
public ref struct ExpositionReader
{
    private readonly ReadOnlySpan<byte> _page;
    private readonly bool _openMetrics;
    private readonly ExpositionLimits _limits;
    private readonly LabelScratch _scratch = new();
    private readonly FamilyType _family = new();
    private readonly bool _cut;
    private ReadOnlySpan<byte> _line;
    private ReadOnlySpan<byte> _familyName;
    private ReadOnlySpan<byte> _text;
    private ParsedRow _row;
    private MetricType _type;
    private int _next;
    private int _rows;
    private bool _ended;
    private bool _sawEof;

    /// <param name="page">The uncompressed body; everything read points into it.</param>
    /// <param name="format">From <see cref="ContentNegotiation.TryGetFormat"/>.</param>
    /// <param name="limits">Null for <see cref="ExpositionLimits.Default"/>.</param>
    public ExpositionReader(ReadOnlySpan<byte> page, ExpositionFormat format, ExpositionLimits? limits = null)
    {
        _limits = limits ?? ExpositionLimits.Default;
        _openMetrics = format == ExpositionFormat.OpenMetrics;
        _cut = page.Length > _limits.MaxBodyBytes;
        _page = _cut ? page[..(page[.._limits.MaxBodyBytes].LastIndexOf((byte)'\n') + 1)] : page;
    }

    /// <summary>What the last <see cref="Read"/> found.</summary>
    public EntryKind Kind { get; private set; }

    /// <summary>Why the line was refused, where <see cref="Kind"/> is <see cref="EntryKind.BadRow"/>.</summary>
    public RowFault Fault { get; private set; }

    /// <summary>Number of the current line, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Offset of the current line's first byte on the page.</summary>
    public int Position { get; private set; }

    /// <summary>After <see cref="Read"/> returned false: what is wrong with the page as a whole.</summary>
    public PageFault PageFault { get; private set; }

    /// <summary>The row, where <see cref="Kind"/> is <see cref="EntryKind.Series"/>.</summary>
    public readonly SeriesRow Series => new(_line, _row, _type, _scratch);

    /// <summary>The family that a HELP, TYPE or UNIT line speaks of, unescaped.</summary>
    public readonly ReadOnlySpan<byte> Family => _familyName;

    /// <summary>What a TYPE line says.</summary>
    public readonly MetricType Type => _type;

    /// <summary>The unescaped help, the unit, or the comment from its <c>#</c> on.</summary>
    public readonly ReadOnlySpan<byte> Text => _text;

    /// <summary>Moves to the next entry, bad ones included.</summary>
    /// <returns>False at the end of the page, and where a page-level fault ended it: see <see cref="PageFault"/>.</returns>
    public bool Read()
    {
        Kind = EntryKind.None;
        Fault = RowFault.None;
        while (!_ended)
        {
            if (_next == _page.Length) return End(_cut ? PageFault.BodyTooLarge : _openMetrics && !_sawEof ? PageFault.MissingEof : PageFault.None);
            if (_sawEof) return End(PageFault.DataAfterEof);
            Fault = Lines.Trim(TakeLine(), _openMetrics, _limits, out _line);
            if (Fault == RowFault.None && _line.IsEmpty) continue;
            if (Fault == RowFault.None) Fault = ReadLine();
            if (Fault != RowFault.None) Kind = EntryKind.BadRow;
            if (Kind is EntryKind.Series or EntryKind.BadRow && ++_rows > _limits.MaxRows) return End(PageFault.TooManyRows);
            return true;
        }
        return false;
    }

    private bool End(PageFault fault)
    {
        _ended = true;
        Kind = EntryKind.None;
        Fault = RowFault.None;
        PageFault = fault;
        return false;
    }

    private ReadOnlySpan<byte> TakeLine()
    {
        ReadOnlySpan<byte> rest = _page[_next..];
        int length = rest.IndexOf((byte)'\n');
        Position = _next;
        Line++;
        _next += length < 0 ? rest.Length : length + 1;
        return length < 0 ? rest : rest[..length];
    }

    private RowFault ReadLine()
    {
        if (_line[0] == '#') return ReadMetadata();

        Kind = EntryKind.Series;
        RowFault fault = RowParser.ParseKey(_line, _openMetrics, _limits, ref _row);
        if (fault == RowFault.None) fault = RowParser.ParseTail(_line, _openMetrics, _limits, ref _row);
        if (fault == RowFault.None) _type = _family.Of(new SeriesRow(_line, _row, default, _scratch).Name);
        return fault;
    }

    private RowFault ReadMetadata()
    {
        RowFault fault = Metadata.Parse(_line, _openMetrics, _limits, out Metadata metadata);
        if (fault != RowFault.None)
        {
            if (metadata.Kind == EntryKind.Type) _family.Clear();
            return fault;
        }
        Kind = metadata.Kind;
        _type = metadata.Type;
        _sawEof = Kind == EntryKind.Eof;
        _familyName = metadata.UnescapeFamily(_scratch);
        _text = metadata.UnescapeText(_scratch, quotes: _openMetrics);
        if (Kind == EntryKind.Type) _family.Set(_familyName, _type, _openMetrics);
        return RowFault.None;
    }
}
