using Observability.Model;
using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Evaluation.Vectors;

namespace Observability.PromQL.Evaluation.Calls;

/// <summary>A function of each sample by itself.</summary>
internal sealed class SampleFunctionVector(StepVector vector, SampleFunction function, FunctionCall call) : StepVector(vector.Grid)
{
    public override int Count => vector.Count;

    public override bool HasUniqueNamelessLabels => vector.HasUniqueNamelessLabels;

    public override LabelSet LabelsOf(int series) => vector.LabelsOf(series);

    public override bool DropsName(int series) => !function.KeepsName || vector.DropsName(series);

    public override void Read(int series, StepRow row, Worker worker)
    {
        vector.Read(series, row, worker);
        if (!row.HasHistograms)
        {
            function.Evaluate(call, row.Values);
            return;
        }
        for (int step = 0; step < row.Values.Length; step++)
        {
            StepValue value = row[step];
            if (value.IsPresent)
                row.Set(step, value.Histogram is { } histogram ? function.Evaluate(call, histogram, step) : function.Evaluate(call, value.Float, step));
        }
    }
}
