namespace Observability.Collector.Pushing;

/// <summary>The stream to the aggregator is of no more use: connect again.</summary>
internal sealed class PushFailedException(string message) : Exception(message);
