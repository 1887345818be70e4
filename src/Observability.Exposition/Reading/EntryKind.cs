namespace Observability.Exposition;

/// <summary>What <see cref="ExpositionReader.Read"/> found.</summary>
public enum EntryKind : byte
{
    None,
    Series,
    Type,
    Help,

    /// <summary>OpenMetrics only.</summary>
    Unit,

    /// <summary>Any other comment; kept as it stands.</summary>
    Comment,

    /// <summary>OpenMetrics' last line.</summary>
    Eof,

    /// <summary>A line that was refused; <see cref="ExpositionReader.Fault"/> says why.</summary>
    BadRow,
}
