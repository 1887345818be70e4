using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Functions.Values;
using Observability.PromQL.Histograms;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Aggregation;

/// <summary><c>quantile</c></summary>
internal static class QuantileAggregation
{
    public static List<StepSeries> Evaluate(QueryContext query, AggregateExpression expression, StepVector vector, double[] parameters)
    {
        var notes = new AggregationNotes(query, expression);
        Warn(query, expression, parameters);
        List<StepSeries> input = SeriesCollector.CollectVisible(query, vector);
        LabelGrouper grouper = GroupedSeries.Grouper(expression);
        var groups = new List<List<StepSeries>>();
        foreach (StepSeries series in input)
        {
            int group = grouper.GroupOf(series.Labels);
            if (group == groups.Count)
                groups.Add([]);
            groups[group].Add(series);
            if (series.Histograms is not null)
                notes.HistogramIgnored();
        }
        var result = new List<StepSeries>();
        for (int group = 0; group < groups.Count; group++)
        {
            var values = new double[groups[group].Count];
            StepSeries quantiles = StepSeries.Empty(
                grouper.KeyOf(grouper.RepresentativeOf(group)), groups[group].Exists(series => series.DropsName), vector.Grid.Count);
            bool any = false;
            for (int step = 0; step < vector.Grid.Count; step++)
            {
                if ((step & 63) == 0)
                    query.CancellationToken.ThrowIfCancellationRequested();
                int count = 0;
                foreach (StepSeries series in groups[group])
                {
                    if (!StepValue.IsAbsent(series.Values[step]))
                        values[count++] = series.Values[step];
                }
                if (count == 0)
                    continue;
                quantiles.Set(step, FloatQuantile.Of(parameters[step], values.AsSpan(0, count)));
                any = true;
            }
            if (!any)
                continue;
            query.Budget.Hold(quantiles);
            result.Add(quantiles);
        }
        query.Budget.Release(input);
        return result;
    }

    private static void Warn(QueryContext query, AggregateExpression expression, double[] parameters)
    {
        PositionRange position = expression.Parameter!.Position; // the parser asks for it
        if (Array.Exists(parameters, double.IsNaN))
            Say(double.NaN);
        double max = parameters.Where(value => !double.IsNaN(value)).DefaultIfEmpty(0).Max(), min = parameters.Where(value => !double.IsNaN(value)).DefaultIfEmpty(0).Min();
        if (max > 1)
            Say(max);
        if (min < 0)
            Say(min);

        void Say(double value) => query.Annotations.Warn($"quantile value should be between 0 and 1, got {HistogramText.Format(value)}", position);
    }
}
