namespace Observability.Aggregator.Ingest;

/// <summary>A collector sent what no collector sends: its stream ends, others go on. The message is told to it and holds nothing of others.</summary>
internal sealed class StreamViolationException(string message) : Exception(message);
