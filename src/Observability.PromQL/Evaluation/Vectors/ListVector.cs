using Observability.Model;

namespace Observability.PromQL.Evaluation.Vectors;

/// <summary>A vector that was computed before.</summary>
internal sealed class ListVector(StepGrid grid, IReadOnlyList<StepSeries> series) : StepVector(grid)
{
    public override int Count => series.Count;

    public IReadOnlyList<StepSeries> Series => series;

    public override LabelSet LabelsOf(int index) => series[index].Labels;

    public override bool DropsName(int index) => series[index].DropsName;

    public override void Read(int index, StepRow row, Worker worker) => row.CopyFrom(series[index]);
}
