using Observability.Model;

namespace Observability.PromQL.Functions.Information;

/// <summary>A series whose labels tell of others.</summary>
/// <param name="Labels">Its name included.</param>
/// <param name="SampleTimesMs">By step: the time of the sample that stands then, or <see cref="None"/>. What the sample says does not matter.</param>
internal sealed record InfoSeries(LabelSet Labels, long[] SampleTimesMs)
{
    /// <summary>There is no sample at a step.</summary>
    public const long None = long.MinValue;
}
