namespace Observability.Exposition;

/// <summary>
/// What one page may cost. A row over a limit is dropped and counted with its <see cref="RowFault"/>; a page over a limit ends there
/// with its <see cref="PageFault"/>. Sizes are bytes as they stand on the page, except those of label values, which are counted unescaped.
/// </summary>
public sealed record ExpositionLimits
{
    /// <summary>The defaults: ten times what a node of 110 pods says.</summary>
    public static ExpositionLimits Default { get; } = new();

    /// <summary>Uncompressed bytes of one page. Default 64 MiB, at most 128 MiB.</summary>
    public int MaxBodyBytes { get; init => field = InRange(value, 128 << 20); } = 64 << 20;

    /// <summary>Rows of one page, good and bad. Default 500,000, at most 4 million.</summary>
    public int MaxRows { get; init => field = InRange(value, 4_000_000); } = 500_000;

    /// <summary>Bytes of one line, its line break apart. Default 64 KiB, at most 16 MiB.</summary>
    public int MaxLineBytes { get; init => field = InRange(value, 16 << 20); } = 64 << 10;

    /// <summary>Labels of one row, its name apart. Default 64, at most 1,024.</summary>
    public int MaxLabels { get; init => field = InRange(value, 1024); } = 64;

    /// <summary>Bytes of a metric name and of a label name. Default 512.</summary>
    public int MaxNameBytes { get; init => field = InRange(value, 16 << 20); } = 512;

    /// <summary>Bytes of one label value. Default 4 KiB.</summary>
    public int MaxLabelValueBytes { get; init => field = InRange(value, 16 << 20); } = 4 << 10;

    private static int InRange(int value, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
