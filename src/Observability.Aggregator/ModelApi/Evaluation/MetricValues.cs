using Observability.Model;

namespace Observability.Aggregator.ModelApi.Evaluation;

/// <summary>One metric of one object.</summary>
/// <param name="HasSeries">True where the scope holds series of it near the range, so that the object is known to exist.</param>
/// <param name="Points">In the range, oldest first; finite values.</param>
internal readonly record struct MetricValues(bool HasSeries, IReadOnlyList<Sample> Points);
