using Observability.Model;

namespace Observability.Conformance.Language;

/// <summary>A line such as <c>http_requests{job="api"} 0+10x5 _ stale</c>.</summary>
/// <param name="Labels">The series.</param>
/// <param name="Values">One for each step.</param>
/// <param name="StartOffsetsMs">Of a loaded series with start timestamps: how far each stands from its sample; null where there is none.</param>
internal sealed record SeriesDescription(LabelSet Labels, IReadOnlyList<DescribedValue> Values, IReadOnlyList<long?>? StartOffsetsMs = null);
