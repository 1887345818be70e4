namespace Observability.Exposition;

/// <summary>One good row, in place on its page: valid until the reader moves on, or during the sink's call.</summary>
public readonly ref struct SeriesRow
{
    /// <summary>The timestamp of a row that has none.</summary>
    public const long NoTimestamp = long.MinValue;

    private readonly ReadOnlySpan<byte> _line;
    private readonly ReadOnlySpan<byte> _name;
    private readonly LabelScratch _scratch;
    private readonly ParsedRow _parsed;

    internal SeriesRow(ReadOnlySpan<byte> line, scoped in ParsedRow parsed, MetricType type, LabelScratch scratch)
    {
        _line = line;
        _parsed = parsed;
        _scratch = scratch;
        Type = type;
        _name = line.Slice(parsed.NameStart, parsed.NameLength);
        if (parsed.NameEscaped)
        {
            Span<byte> room = scratch.ForName(_name.Length);
            _name = room[..Escapes.Unescape(_name, room)];
        }
    }

    /// <summary>The metric name, unescaped UTF-8.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>The labels, unescaped. Read one enumerator at a time: they share the room for escapes.</summary>
    public LabelEnumerator Labels => new(_line.Slice(_parsed.LabelsStart, _parsed.LabelsLength), _scratch);

    /// <summary>The label part as it stands on the page, braces included; empty where there is none. Equal bytes are equal labels.</summary>
    public ReadOnlySpan<byte> LabelBytes => _line.Slice(_parsed.NameEnd, _parsed.KeyLength - _parsed.NameEnd);

    /// <summary>The line from the start of the row to the end of its labels, byte for byte.</summary>
    public ReadOnlySpan<byte> Key => _line[.._parsed.KeyLength];

    /// <summary>The type that the last <c># TYPE</c> line gave, where this row belongs to its family.</summary>
    public MetricType Type { get; }

    /// <summary>Any double; NaN is always the canonical one (bits <c>0x7FF8000000000001</c>).</summary>
    public double Value => _parsed.Value;

    /// <summary>Milliseconds since the Unix epoch, or <see cref="NoTimestamp"/>.</summary>
    public long TimestampMs => _parsed.TimestampMs;

    /// <summary>Whether <see cref="Exemplar"/> means anything; OpenMetrics only.</summary>
    public bool HasExemplar => _parsed.HasExemplar;

    public ExemplarRow Exemplar => new(
        _line.Slice(_parsed.ExemplarStart, _parsed.ExemplarLength), _scratch, _parsed.ExemplarValue, _parsed.ExemplarTimestampMs);
}
