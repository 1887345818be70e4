using Observability.PromQL.Histograms;

namespace Observability.PromQL.Results;

public readonly record struct HistogramPoint(long TimestampMs, FloatHistogram Histogram);
