using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Histograms;
using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Aggregation;

/// <summary><c>count_values</c>: a series for each value that occurs in a group.</summary>
internal static class ValueCounts
{
    public static List<StepSeries> Evaluate(QueryContext query, AggregateExpression expression, StepVector vector, string label)
    {
        if (label.Length == 0 || label.Any(char.IsSurrogate) && !IsWellFormed(label))
            throw new EvaluationException($"invalid label name {GoStrings.Quote(label)}");
        List<StepSeries> input = SeriesCollector.CollectVisible(query, vector);
        LabelGrouper grouper = GroupedSeries.Grouper(expression, label);
        int steps = vector.Grid.Count;
        var counts = new List<StepSeries>();
        foreach (StepSeries series in input)
        {
            query.CancellationToken.ThrowIfCancellationRequested();
            long lastBits = 0;
            int group = -1;
            for (int step = 0; step < steps; step++)
            {
                if (series[step] is not { IsPresent: true } value)
                    continue;
                long bits = BitConverter.DoubleToInt64Bits(value.Float);
                if (group < 0 || value.Histogram is not null || bits != lastBits)
                {
                    group = GroupOf(query, grouper, counts, series.Labels.With(label, TextOf(value)), steps);
                    lastBits = bits;
                }
                double before = counts[group].Values[step];
                counts[group].Values[step] = StepValue.IsAbsent(before) ? 1 : before + 1;
            }
        }
        query.Budget.Release(input);
        return counts;
    }

    private static int GroupOf(QueryContext query, LabelGrouper grouper, List<StepSeries> counts, LabelSet labels, int steps)
    {
        int group = grouper.GroupOf(labels);
        if (group == counts.Count)
        {
            query.Budget.AddSeries(1);
            query.Budget.Hold(steps, (steps * 8L) + 256);
            counts.Add(StepSeries.Empty(grouper.KeyOf(labels), dropsName: false, steps));
        }
        return group;
    }

    private static string TextOf(StepValue value) => value.Histogram is { } histogram ? histogram.ToString() : GoNumbers.Format(value.Float);

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }
}
