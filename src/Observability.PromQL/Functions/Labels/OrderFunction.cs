using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions.Labels;

/// <summary>A function that orders an instant vector. A range query is in the order of labels whatever it says, which is told.</summary>
internal abstract class OrderFunction : VectorFunction
{
    public override bool KeepsName => true;

    public sealed override List<StepSeries> Evaluate(FunctionCall call, List<StepSeries> series)
    {
        series = Select(series);
        if (call.Grid.Count == 1)
            return Sort(call, series);
        call.Annotations.Warn("sort is ineffective for range queries since results are always ordered by labels", call.Expression.Position);
        return series;
    }

    /// <summary>Leaves out what has no place in the order.</summary>
    protected virtual List<StepSeries> Select(List<StepSeries> series) => series;

    /// <summary>Series of one step.</summary>
    protected abstract List<StepSeries> Sort(FunctionCall call, List<StepSeries> series);
}
