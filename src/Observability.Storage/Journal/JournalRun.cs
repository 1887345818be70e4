namespace Observability.Storage;

/// <summary>Neighbouring samples of a record that have one time.</summary>
/// <param name="TimestampMs">Milliseconds since the Unix epoch.</param>
/// <param name="Count">At least 1.</param>
public readonly record struct JournalRun(long TimestampMs, int Count);
