namespace Observability.Exposition;

/// <summary>
/// Reads a whole page in memory, entry by entry, keeping nothing: for tools and tests. <see cref="RowCache"/> is for scrapes.
/// </summary>
public ref struct ExpositionReader
{
    public ExpositionReader(ReadOnlySpan<byte> page, ExpositionFormat format, ExpositionLimits? limits = null) => throw new NotImplementedException();

    /// <summary>Moves to the next entry, bad ones included.</summary>
    /// <returns>False at the end of the page, and where a page-level fault ended it: see <see cref="PageFault"/>.</returns>
    public bool Read() => throw new NotImplementedException();

    public readonly EntryKind Kind => throw new NotImplementedException();

    /// <summary>The row, where <see cref="Kind"/> is <see cref="EntryKind.Series"/>.</summary>
    public readonly SeriesRow Series => throw new NotImplementedException();

    /// <summary>The family that a HELP, TYPE or UNIT line speaks of.</summary>
    public readonly ReadOnlySpan<byte> Family => throw new NotImplementedException();

    /// <summary>What a TYPE line says.</summary>
    public readonly MetricType Type => throw new NotImplementedException();

    /// <summary>The unescaped help, the unit, or the comment from its <c>#</c> on.</summary>
    public readonly ReadOnlySpan<byte> Text => throw new NotImplementedException();

    /// <summary>Why the line was refused, where <see cref="Kind"/> is <see cref="EntryKind.BadRow"/>.</summary>
    public readonly RowFault Fault => throw new NotImplementedException();

    /// <summary>Number of the current line, from 1.</summary>
    public readonly int Line => throw new NotImplementedException();

    /// <summary>Offset of the current line's first byte on the page.</summary>
    public readonly int Position => throw new NotImplementedException();

    /// <summary>After <see cref="Read"/> returned false: what is wrong with the page as a whole.</summary>
    public readonly PageFault PageFault => throw new NotImplementedException();
}
