using Observability.PromQL.Histograms;

namespace Observability.Conformance.Data;

/// <summary>A float, or a histogram where there is one.</summary>
/// <param name="TimestampMs">When.</param>
/// <param name="Value">The float.</param>
/// <param name="Histogram">The histogram.</param>
/// <param name="StartMs">When the counter was created; 0: not known.</param>
internal readonly record struct StoredSample(long TimestampMs, double Value, FloatHistogram? Histogram, long StartMs = 0);
