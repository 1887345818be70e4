using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;

namespace Observability.PromQL.Evaluation.Ranges;

/// <summary>A subquery: the values of an instant vector at the steps of a finer grid are the samples.</summary>
internal sealed class SubqueryRange(StepGrid grid, long rangeMs, long offsetMs, long? fixedMs, StepVector inner, QueryContext query)
    : RangeVector(grid, rangeMs, offsetMs, fixedMs)
{
    public override int Count => inner.Count;

    public override bool HasUniqueNamelessLabels => inner.HasUniqueNamelessLabels;

    public override LabelSet LabelsOf(int series) => NamelessLabels.Visible(inner, series, query.DelayedNames);

    public override bool DropsName(int series) => inner.DropsName(series);

    public override void Load(int series, SeriesSamples into, Worker worker)
    {
        StepRow row = worker.RentRow(inner.Grid.Count);
        inner.Read(series, row, worker);
        for (int step = 0; step < row.Values.Length; step++)
        {
            if (!StepValue.IsAbsent(row.Values[step]))
                into.Floats.Add(inner.Grid.At(step), row.Values[step]);
        }
        if (row.HasHistograms)
        {
            for (int step = 0; step < row.Values.Length; step++)
            {
                // What a hint says of the sample before it is not true of the step before it.
                if (row.Histograms[step] is { } histogram)
                    into.Add(new HistogramPoint(inner.Grid.At(step), histogram.CounterResetHint == CounterResetHint.Gauge ? histogram : histogram.WithHint(CounterResetHint.Unknown)));
            }
        }
        worker.Return(row);
    }

    public override void Touch(SeriesSamples samples, long queryable) => query.Budget.Touch(0, queryable);
}
