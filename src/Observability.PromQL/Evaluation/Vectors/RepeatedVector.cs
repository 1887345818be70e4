using Observability.Model;

namespace Observability.PromQL.Evaluation.Vectors;

/// <summary>The value of one step at every step.</summary>
internal sealed class RepeatedVector(StepGrid grid, StepVector inner) : StepVector(grid)
{
    public override int Count => inner.Count;

    public override bool HasUniqueNamelessLabels => inner.HasUniqueNamelessLabels;

    public override LabelSet LabelsOf(int series) => inner.LabelsOf(series);

    public override bool DropsName(int series) => inner.DropsName(series);

    public override void Read(int series, StepRow row, Worker worker)
    {
        StepRow one = worker.RentRow(1);
        inner.Read(series, one, worker);
        row.ClearHistograms();
        Array.Fill(row.Values, one.Values[0]);
        if (one.HasHistograms && one.Histograms[0] is { } histogram)
        {
            for (int step = 0; step < row.Values.Length; step++)
                row.Set(step, histogram);
        }
        worker.Return(one);
    }
}
