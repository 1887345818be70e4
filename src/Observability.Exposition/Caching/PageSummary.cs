namespace Observability.Exposition;

/// <summary>What became of a page. <c>Rows = Hits + Defined + BadRows.Total</c>.</summary>
public readonly record struct PageSummary
{
    /// <summary>Rows read, good and bad; a bad metadata line counts too.</summary>
    public int Rows { get; init; }

    /// <summary>Rows whose key was on the previous page (or, the second time, on this one).</summary>
    public int Hits { get; init; }

    /// <summary>Calls of <see cref="IRowSink.Define"/>.</summary>
    public int Defined { get; init; }

    /// <summary>Samples handed to the sink.</summary>
    public int Samples { get; init; }

    /// <summary>Good rows without a sample: <see cref="RowSlot.Skip"/> or <see cref="RowSlot.AskAgain"/>.</summary>
    public int Skipped { get; init; }

    /// <summary>Refused lines by reason.</summary>
    public RowFaultCounts BadRows { get; init; }

    /// <summary>Uncompressed bytes fed.</summary>
    public long Bytes { get; init; }

    /// <summary>What is wrong with the page as a whole.</summary>
    public PageFault Fault { get; init; }

    /// <summary>True where the page was read to its end, which OpenMetrics marks with <c># EOF</c>.</summary>
    public bool Complete => Fault == PageFault.None;
}
