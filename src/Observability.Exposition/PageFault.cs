namespace Observability.Exposition;

/// <summary>What is wrong with a page as a whole. What was read before it was found stays valid.</summary>
public enum PageFault : byte
{
    None,

    /// <summary>More bytes than <see cref="ExpositionLimits.MaxBodyBytes"/>; the rest was not read.</summary>
    BodyTooLarge,

    /// <summary>More rows than <see cref="ExpositionLimits.MaxRows"/>; the rest was not read.</summary>
    TooManyRows,

    /// <summary>OpenMetrics without its last line: the answer was cut somewhere, perhaps within a number.</summary>
    MissingEof,

    /// <summary>OpenMetrics with something behind <c># EOF</c>; it was not read.</summary>
    DataAfterEof,
}
