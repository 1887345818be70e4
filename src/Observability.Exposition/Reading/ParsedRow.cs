namespace Observability.Exposition;

/// <summary>Where the parts of a row stand, as offsets from its first byte, and its numbers.</summary>
internal struct ParsedRow
{
    internal int NameStart;
    internal int NameLength;

    /// <summary>A quoted name with a backslash in it.</summary>
    internal bool NameEscaped;

    /// <summary>Behind a bare name; 0 where the name stands within the braces.</summary>
    internal int NameEnd;

    /// <summary>Behind the opening brace.</summary>
    internal int LabelsStart;
    internal int LabelsLength;

    /// <summary>Behind the closing brace, or behind the name of a row without labels.</summary>
    internal int KeyLength;
    internal double Value;
    internal long TimestampMs;
    internal bool HasExemplar;
    internal int ExemplarStart;
    internal int ExemplarLength;
    internal double ExemplarValue;
    internal long ExemplarTimestampMs;
}
