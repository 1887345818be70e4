namespace Observability.Aggregator.PrometheusApi;

/// <summary>The caller did not take its answer in time, and was cut off.</summary>
internal sealed class SlowReaderException() : Exception("The reader is too slow.");
