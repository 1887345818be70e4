using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;

namespace Observability.PromQL.Evaluation.Calls;

/// <summary>The time of the step for each sample of a vector: <c>timestamp</c> of what is no selector.</summary>
internal sealed class StepTimeVector(StepVector vector) : StepVector(vector.Grid)
{
    public override int Count => vector.Count;

    public override bool HasUniqueNamelessLabels => vector.HasUniqueNamelessLabels;

    public override LabelSet LabelsOf(int series) => vector.LabelsOf(series);

    public override bool DropsName(int series) => true;

    public override void Read(int series, StepRow row, Worker worker)
    {
        vector.Read(series, row, worker);
        for (int step = 0; step < row.Values.Length; step++)
        {
            if (row.IsPresent(step))
                row.Values[step] = Grid.At(step) / 1000.0;
        }
        row.ClearHistograms();
    }
}
