namespace Observability.Storage.Head;

/// <summary>A sample of a batch.</summary>
internal readonly record struct BatchSample(HeadSeries Series, long TimestampMs, long ValueBits);
