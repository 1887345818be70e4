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
                        group[step].Add(row.Values[step], series, counts[step], query);
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
                    foreach ((double value, int series) in rankings[step].Entries)
                        total[step].Add(value, series, counts[step], query);
                    rankings[step].Release(query);
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

    /// <summary>The best values so far, as a heap with the worst of them on top. Of equal values the earlier series is better.</summary>
    private struct Ranking(bool top)
    {
        private PriorityQueue<(double Value, int Series), (double Value, int Series)>? _heap;

        public readonly IEnumerable<(double Value, int Series)> Entries => _heap is null ? [] : _heap.UnorderedItems.Select(item => item.Element);

        public void Add(double value, int series, long count, QueryContext query)
        {
            _heap ??= new PriorityQueue<(double Value, int Series), (double Value, int Series)>(top ? TopFirst.Instance : BottomFirst.Instance);
            if (_heap.Count >= count)
            {
                _heap.EnqueueDequeue((value, series), (value, series));
                return;
            }
            query.Budget.Hold(1, 40);
            _heap.Enqueue((value, series), (value, series));
        }

        public readonly void Release(QueryContext query) => query.Budget.Release(_heap?.Count ?? 0, 40L * (_heap?.Count ?? 0));

        public readonly List<(double Value, int Series)> Sorted()
        {
            List<(double Value, int Series)> entries = [.. Entries];
            IComparer<(double Value, int Series)> worstFirst = top ? TopFirst.Instance : BottomFirst.Instance;
            entries.Sort((a, b) => worstFirst.Compare(b, a));
            return entries;
        }
    }

    /// <summary>For <c>topk</c>: the least comes first, and before it NaN.</summary>
    private sealed class TopFirst : IComparer<(double Value, int Series)>
    {
        public static TopFirst Instance { get; } = new();

        public int Compare((double Value, int Series) x, (double Value, int Series) y)
        {
            int order = x.Value.CompareTo(y.Value); // NaN is the least here
            return order != 0 ? order : y.Series.CompareTo(x.Series);
        }
    }

    /// <summary>For <c>bottomk</c>: the greatest comes first, and before it NaN.</summary>
    private sealed class BottomFirst : IComparer<(double Value, int Series)>
    {
        public static BottomFirst Instance { get; } = new();

        public int Compare((double Value, int Series) x, (double Value, int Series) y)
        {
            bool left = double.IsNaN(x.Value), right = double.IsNaN(y.Value);
            int order = left || right ? right.CompareTo(left) : y.Value.CompareTo(x.Value);
            return order != 0 ? order : y.Series.CompareTo(x.Series);
        }
    }
}
