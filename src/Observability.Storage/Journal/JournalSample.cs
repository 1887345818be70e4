namespace Observability.Storage;

/// <summary>One sample as the journal writes it.</summary>
/// <param name="SeriesId">The id under which the series was defined in the same partition.</param>
/// <param name="TimestampMs">Milliseconds since the Unix epoch.</param>
/// <param name="Value">Any 64 bits; NaN payloads count.</param>
public readonly record struct JournalSample(long SeriesId, long TimestampMs, double Value);
