using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Functions;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Calls;

/// <summary><c>absent</c> and <c>absent_over_time</c>: 1 at the steps at which no series has a value.</summary>
internal static class Absence
{
    public static List<StepSeries> Evaluate(QueryContext query, StepVector vector, Expression argument)
    {
        int steps = vector.Grid.Count;
        var present = new bool[steps];
        var gate = new Lock();
        query.Workers.ForEachChunk(vector.Count, (worker, _, from, to) =>
        {
            var here = new bool[steps];
            StepRow row = worker.RentRow(steps);
            for (int series = from; series < to; series++)
            {
                query.CancellationToken.ThrowIfCancellationRequested();
                vector.Read(series, row, worker);
                for (int step = 0; step < steps; step++)
                    here[step] |= row.IsPresent(step);
            }
            worker.Return(row);
            lock (gate)
            {
                for (int step = 0; step < steps; step++)
                    present[step] |= here[step];
            }
        });
        if (!present.Contains(false))
            return [];
        StepSeries absent = StepSeries.Empty(LabelsOf(argument), dropsName: false, steps);
        for (int step = 0; step < steps; step++)
        {
            if (!present[step])
                absent.Set(step, 1);
        }
        return [absent];
    }

    /// <summary>What the selector says its series would be: labels that it compares for equality, each once.</summary>
    private static LabelSet LabelsOf(Expression argument)
    {
        IReadOnlyList<Matcher>? matchers = Arguments.Unwrap(argument) switch
        {
            VectorSelector selector => selector.Matchers,
            MatrixSelector matrix => matrix.Selector.Matchers,
            _ => null,
        };
        if (matchers is null)
            return LabelSet.Empty;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Matcher matcher in matchers)
        {
            if (matcher.Name == LabelNames.MetricName)
                continue;
            if (matcher.Operator == MatchOperator.Equal && seen.Add(matcher.Name))
                labels[matcher.Name] = matcher.Value;
            else
                labels.Remove(matcher.Name);
        }
        return LabelSet.From(labels.Select(label => new Label(label.Key, label.Value)));
    }
}
