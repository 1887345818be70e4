using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions.Labels;

/// <summary><c>sort</c>, <c>sort_desc</c>: floats by value, NaN last, histograms left out. A range query is in the order of labels whatever they say.</summary>
internal sealed class SortFunction(bool descending) : VectorFunction
{
    public override bool KeepsName => true;

    public override List<StepSeries> Evaluate(FunctionCall call, List<StepSeries> series)
    {
        foreach (StepSeries one in series)
            one.Histograms = null;
        if (call.Grid.Count > 1)
            return series;
        List<StepSeries> floats = [.. series.Where(one => one[0].IsFloat)];
        return [.. floats.OrderBy(one => double.IsNaN(one.Values[0])).ThenBy(one => descending ? -one.Values[0] : one.Values[0])];
    }
}
