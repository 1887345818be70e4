using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;

namespace Observability.PromQL.Evaluation.Calls;

/// <summary>A vector with other labels.</summary>
internal sealed class RelabelledVector(StepVector vector, LabelSet[] labels, bool[] dropsName) : StepVector(vector.Grid)
{
    public override int Count => vector.Count;

    public override LabelSet LabelsOf(int series) => labels[series];

    public override bool DropsName(int series) => dropsName[series];

    public override void Read(int series, StepRow row, Worker worker) => vector.Read(series, row, worker);

    /// <param name="query">The query.</param>
    /// <param name="vector">What is relabelled.</param>
    /// <param name="relabel">Makes new labels of those that are seen; gives them back themselves where it leaves them alone.</param>
    /// <param name="setsName">It sets the metric's name, which then stays, even where it is the same as before.</param>
    public static StepVector Relabel(QueryContext query, StepVector vector, Func<LabelSet, LabelSet> relabel, bool setsName)
    {
        var labels = new LabelSet[vector.Count];
        var dropsName = new bool[labels.Length];
        LabelGrouper distinct = LabelGrouper.Whole();
        bool unique = true;
        long bytes = 0;
        for (int series = 0; series < labels.Length; series++)
        {
            if ((series & 255) == 0)
                query.CancellationToken.ThrowIfCancellationRequested();
            LabelSet before = NamelessLabels.Visible(vector, series, query.DelayedNames);
            LabelSet after = relabel(before);
            labels[series] = after;
            bool changed = !ReferenceEquals(before, after);
            dropsName[series] = query.DelayedNames && vector.DropsName(series) && !(setsName && changed);
            unique &= distinct.GroupOf(after) == series;
            if (changed)
            {
                foreach (Label label in after.AsSpan())
                    bytes += 32 + (2L * label.Value.Length);
                if (bytes > 1 << 20)
                {
                    query.Budget.Hold(0, bytes); // chains of label functions can make labels that double at each link
                    bytes = 0;
                }
            }
        }
        query.Budget.Hold(0, bytes);
        var relabelled = new RelabelledVector(vector, labels, dropsName);
        return unique ? relabelled : new ListVector(vector.Grid, SeriesMerging.Merge(SeriesCollector.Collect(query, relabelled), vector.Grid.Count));
    }
}
