namespace Observability.Exposition;

/// <summary>The exemplar of an OpenMetrics row. Valid as long as its row.</summary>
public readonly ref struct ExemplarRow
{
    private readonly ReadOnlySpan<byte> _labels;
    private readonly LabelScratch _scratch;

    internal ExemplarRow(ReadOnlySpan<byte> labels, LabelScratch scratch, double value, long timestampMs)
    {
        _labels = labels;
        _scratch = scratch;
        Value = value;
        TimestampMs = timestampMs;
    }

    /// <summary>Read one enumerator at a time: they share the room for escapes with the row's.</summary>
    public LabelEnumerator Labels => new(_labels, _scratch);

    public double Value { get; }

    /// <summary>Milliseconds since the Unix epoch, or <see cref="SeriesRow.NoTimestamp"/>.</summary>
    public long TimestampMs { get; }
}
