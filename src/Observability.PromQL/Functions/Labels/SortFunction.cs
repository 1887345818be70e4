using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions.Labels;

/// <summary><c>sort</c>, <c>sort_desc</c>: floats by value, NaN last, histograms left out.</summary>
internal sealed class SortFunction(bool descending) : OrderFunction
{
    protected override List<StepSeries> Select(List<StepSeries> series)
    {
        foreach (StepSeries one in series)
            one.Histograms = null;
        return series;
    }

    protected override List<StepSeries> Sort(FunctionCall call, List<StepSeries> series) =>
    [
        .. series.Where(one => one[0].IsFloat)
            .OrderBy(one => double.IsNaN(one.Values[0])).ThenBy(one => descending ? -one.Values[0] : one.Values[0]),
    ];
}
