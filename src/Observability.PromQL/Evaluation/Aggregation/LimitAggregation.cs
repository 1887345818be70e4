using System.Text;
using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Histograms;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Aggregation;

/// <summary><c>limitk</c>: some k of each group, by the order of labels. <c>limit_ratio</c>: a share of all series, by a hash of their labels.</summary>
internal static class LimitAggregation
{
    public static List<StepSeries> EvaluateCount(QueryContext query, AggregateExpression expression, StepVector vector, double[] parameters)
    {
        if (!RankAggregation.TryReadCounts(parameters, out long[] counts))
            return [];
        List<StepSeries> input = SeriesCollector.CollectVisible(query, vector);
        input.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        LabelGrouper grouper = GroupedSeries.Grouper(expression);
        var taken = new List<long[]>();
        return Filter(query, input, vector.Grid.Count, series =>
        {
            int group = grouper.GroupOf(series.Labels);
            if (group == taken.Count)
                taken.Add(new long[counts.Length]);
            return step => taken[group][step] < counts[step] && taken[group][step]++ < counts[step];
        });
    }

    public static List<StepSeries> EvaluateRatio(QueryContext query, AggregateExpression expression, StepVector vector, double[] parameters)
    {
        if (Array.TrueForAll(parameters, ratio => ratio == 0))
            return [];
        if (Array.Exists(parameters, double.IsNaN))
            throw new EvaluationException("Ratio value is NaN");
        double max = parameters.Max(), min = parameters.Min();
        PositionRange position = expression.Parameter!.Position; // the parser asks for it
        if (max > 1)
            query.Annotations.Warn($"ratio value should be between -1 and 1, got {HistogramText.Format(max)}, capping to 1", position);
        if (min < -1)
            query.Annotations.Warn($"ratio value should be between -1 and 1, got {HistogramText.Format(min)}, capping to -1", position);
        List<StepSeries> input = SeriesCollector.CollectVisible(query, vector);
        return Filter(query, input, vector.Grid.Count, series =>
        {
            double offset = OffsetOf(series.Labels);
            return step => Math.Clamp(parameters[step], -1, 1) is var ratio && (ratio >= 0 ? offset < ratio : offset >= 1 + ratio);
        });
    }

    /// <summary>Between 0 and 1, the same for the same labels everywhere and always.</summary>
    private static double OffsetOf(LabelSet labels)
    {
        ulong hash = 14695981039346656037;
        foreach (Label label in labels.AsSpan())
        {
            Add(label.Name);
            Add(label.Value);
        }
        // FNV alone spreads the last bytes badly; this is the finalizer of SplitMix64.
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        hash ^= hash >> 31;
        return hash / (double)ulong.MaxValue;

        void Add(string text)
        {
            foreach (byte unit in Encoding.UTF8.GetBytes(text))
                hash = (hash ^ unit) * 1099511628211;
            hash = (hash ^ 0xff) * 1099511628211;
        }
    }

    private static List<StepSeries> Filter(QueryContext query, List<StepSeries> input, int steps, Func<StepSeries, Func<int, bool>> filter)
    {
        var result = new List<StepSeries>();
        foreach (StepSeries series in input)
        {
            query.CancellationToken.ThrowIfCancellationRequested();
            Func<int, bool> keeps = filter(series);
            StepSeries kept = StepSeries.Empty(series.Labels, series.DropsName, steps);
            bool any = false;
            for (int step = 0; step < steps; step++)
            {
                if (series[step] is not { IsPresent: true } value || !keeps(step))
                    continue;
                kept.Set(step, value);
                any = true;
            }
            if (!any)
                continue;
            query.Budget.Hold(kept);
            result.Add(kept);
        }
        query.Budget.Release(input);
        return result;
    }
}
