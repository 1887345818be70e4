using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;

namespace Observability.PromQL.Evaluation.Calls;

/// <summary>A scalar as the one series of a vector, without labels.</summary>
internal sealed class ScalarVector(StepGrid grid, double[] values) : StepVector(grid)
{
    public override int Count => 1;

    public override LabelSet LabelsOf(int series) => LabelSet.Empty;

    public override bool DropsName(int series) => false;

    public override void Read(int series, StepRow row, Worker worker)
    {
        row.ClearHistograms();
        values.AsSpan(0, Grid.Count).CopyTo(row.Values);
    }
}
