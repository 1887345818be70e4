namespace Observability.Protocol.Ingest;

/// <summary>One sample of a batch.</summary>
/// <param name="Ref">The stream's number of the series, from 1.</param>
/// <param name="TimestampMs">Milliseconds since the Unix epoch, UTC.</param>
/// <param name="Value">Any double; its bits travel as they are.</param>
public readonly record struct BatchSample(uint Ref, long TimestampMs, double Value);
