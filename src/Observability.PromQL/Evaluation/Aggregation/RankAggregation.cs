using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Aggregation;

/// <summary><c>topk</c>, <c>bottomk</c>: at each step the k greatest or least of each group. NaN comes last in both.</summary>
internal static class RankAggregation
{
    /// <returns>In an instant query by group and rank.</returns>
    public static List<StepSeries> Evaluate(QueryContext query, AggregateExpression expression, StepVector vector, double[] parameters)
    {
        var notes = new AggregationNotes(query, expression);
        if (!TryReadCounts(parameters, out long[] counts))
            return [];
        GroupedSeries groups = GroupedSeries.Of(query, expression, vector);
        int steps = vector.Grid.Count;
        bool top = expression.Operator == Aggregator.TopK;
        var ranked = new Dictionary<int, Ranking[]>();
        query.Workers.ForEachChunk(vector.Count, (worker, from, to) =>
        {
            var chunk = new Dictionary<int, Ranking[]>();
            StepRow row = worker.RentRow(steps);
            for (int series = from; series < to; series++)
            {
                query.CancellationToken.ThrowIfCancellationRequested();
                vector.Read(series, row, worker);
                if (row.HasHistograms)
                    notes.HistogramIgnored();
                Ranking[] group = GroupOf(chunk, groups.Groups[series], steps, top);
                for (int step = 0; step < steps; step++)
                {
                    if (!StepValue.IsAbsent(row.Values[step]) && counts[step] > 0)
                        group[step].Add(row.Values[step], series, counts[step], query.Budget);
                }
            }
            worker.Return(row);
            return chunk;
        }, chunk =>
        {
            foreach ((int group, Ranking[] rankings) in chunk)
            {
                Ranking[] total = GroupOf(ranked, group, steps, top);
                for (int step = 0; step < steps; step++)
                {
                    for (int place = 0; place < rankings[step].Count; place++)
                        total[step].Add(rankings[step][place].Value, rankings[step][place].Series, counts[step], query.Budget);
                    rankings[step].Release(query.Budget);
                }
            }
        });

        var result = new Dictionary<int, StepSeries>();
        var order = new List<StepSeries>();
        foreach (int group in ranked.Keys.Order())
        {
            for (int step = 0; step < steps; step++)
            {
                foreach ((double value, int series) in ranked[group][step].Sorted())
                {
                    if (!result.TryGetValue(series, out StepSeries? kept))
                    {
                        kept = StepSeries.Empty(NamelessLabels.Visible(vector, series, query.DelayedNames), query.DelayedNames && vector.DropsName(series), steps);
                        query.Budget.Hold(0, (steps * 8L) + 64);
                        result.Add(series, kept);
                        order.Add(kept);
                    }
                    kept.Set(step, value);
                }
            }
        }
        return order;
    }

    /// <summary>Reads k at each step.</summary>
    /// <returns>False where no step keeps anything.</returns>
    public static bool TryReadCounts(double[] parameters, out long[] counts)
    {
        counts = [];
        double min = double.NaN, max = double.NaN;
        bool anyNaN = false;
        foreach (double value in parameters)
        {
            anyNaN |= double.IsNaN(value);
            min = double.IsNaN(min) || value < min ? value : min;
            max = double.IsNaN(max) || value > max ? value : max;
        }
        if (max < 1)
            return false;
        if (anyNaN)
            throw new EvaluationException("Parameter value is NaN");
        if (min <= long.MinValue)
            throw new EvaluationException($"Scalar value {Histograms.HistogramText.Format(min)} underflows int64");
        if (max >= long.MaxValue)
            throw new EvaluationException($"Scalar value {Histograms.HistogramText.Format(max)} overflows int64");
        counts = [.. parameters.Select(value => (long)value)];
        return true;
    }

    private static Ranking[] GroupOf(Dictionary<int, Ranking[]> groups, int group, int steps, bool top)
    {
        if (groups.TryGetValue(group, out Ranking[]? rankings))
            return rankings;
        rankings = new Ranking[steps];
        for (int step = 0; step < steps; step++)
            rankings[step] = new Ranking(top);
        groups.Add(group, rankings);
        return rankings;
    }
}
