using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Histograms;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Aggregation;

/// <summary>
/// Aggregations that hold some numbers for each group and step. Series are read one by one and never held: chunks of them in parallel, each
/// into sums of its own, which are added up in the order of the chunks, so that the digits do not depend on the threads.
/// </summary>
internal static class SimpleAggregation
{
    public static List<StepSeries> Evaluate(QueryContext query, AggregateExpression expression, StepVector vector)
    {
        var notes = new AggregationNotes(query, expression);
        GroupedSeries groups = GroupedSeries.Of(query, expression, vector);
        var totals = new StepAccumulator?[groups.Count];
        int steps = vector.Grid.Count;
        query.Workers.ForEachChunk(vector.Count, (worker, from, to) => ReadChunk(query, expression, vector, groups, notes, worker, from, to), chunk =>
        {
            foreach ((int group, StepAccumulator accumulator) in chunk.Groups)
            {
                if (totals[group] is { } total)
                {
                    total.Merge(accumulator);
                    query.Budget.Release(steps, accumulator.Bytes);
                }
                else
                {
                    totals[group] = accumulator;
                }
            }
            foreach ((int group, string name, FloatHistogram?[] histograms) in chunk.Histograms)
            {
                query.CancellationToken.ThrowIfCancellationRequested();
                totals[group]!.AddHistograms(histograms, name, notes); // the chunk has it among its groups
            }
        });

        var result = new List<StepSeries>(groups.Count);
        for (int group = 0; group < totals.Length; group++)
        {
            query.CancellationToken.ThrowIfCancellationRequested();
            if (totals[group] is not { } total)
                continue;
            StepSeries series = StepSeries.Empty(groups.LabelsOf(group), total.DropsName, steps);
            bool any = false;
            for (int step = 0; step < steps; step++)
            {
                StepValue value = total.Result(step, notes);
                if (!value.IsPresent)
                    continue;
                series.Set(step, value);
                any = true;
            }
            if (any)
                result.Add(series);
        }
        return result;
    }

    private static Chunk ReadChunk(
        QueryContext query, AggregateExpression expression, StepVector vector, GroupedSeries groups, AggregationNotes notes, Worker worker, int from, int to)
    {
        var chunk = new Chunk();
        StepRow row = worker.RentRow(vector.Grid.Count);
        for (int series = from; series < to; series++)
        {
            query.CancellationToken.ThrowIfCancellationRequested();
            vector.Read(series, row, worker);
            int group = groups.Groups[series];
            if (!chunk.Groups.TryGetValue(group, out StepAccumulator? accumulator))
            {
                accumulator = new StepAccumulator(expression.Operator, vector.Grid.Count);
                query.Budget.Hold(vector.Grid.Count, accumulator.Bytes);
                chunk.Groups.Add(group, accumulator);
            }
            accumulator.Add(row, notes);
            if (!accumulator.DropsName && vector.DropsName(series) && !row.IsEmpty())
                accumulator.DropsName = true;
            if (row.HasHistograms && expression.Operator is (Aggregator.Sum or Aggregator.Avg))
                chunk.Histograms.Add((group, vector.LabelsOf(series).MetricName, [.. row.Histograms]));
        }
        worker.Return(row);
        return chunk;
    }

    private sealed class Chunk
    {
        public Dictionary<int, StepAccumulator> Groups { get; } = [];

        public List<(int Group, string Name, FloatHistogram?[] Histograms)> Histograms { get; } = [];
    }
}
