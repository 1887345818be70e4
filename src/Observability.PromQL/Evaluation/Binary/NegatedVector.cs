using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;

namespace Observability.PromQL.Evaluation.Binary;

/// <summary><c>-vector</c></summary>
internal sealed class NegatedVector(StepVector vector) : StepVector(vector.Grid)
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
            if (!StepValue.IsAbsent(row.Values[step]))
                row.Values[step] = -row.Values[step];
            else if (row.HasHistograms && row.Histograms[step] is { } histogram)
                row.Set(step, histogram.Multiply(-1));
        }
    }
}
