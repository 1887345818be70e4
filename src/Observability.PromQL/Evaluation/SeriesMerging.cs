using Observability.PromQL.Histograms;

namespace Observability.PromQL.Evaluation;

/// <summary>Puts series together whose labels have become the same.</summary>
internal static class SeriesMerging
{
    public const string Duplicate = "vector cannot contain metrics with the same labelset";

    /// <returns>Each label set once, in the order of first appearance; the list itself where that was so.</returns>
    /// <exception cref="EvaluationException">Two of the same labels have a value at the same step.</exception>
    public static List<StepSeries> Merge(List<StepSeries> series, int steps)
    {
        if (series.Count <= 1)
            return series;
        LabelGrouper groups = LabelGrouper.Whole();
        List<StepSeries>? merged = null;
        for (int i = 0; i < series.Count; i++)
        {
            int group = groups.GroupOf(series[i].Labels);
            if (merged is null && group == i)
                continue;
            merged ??= series[..i];
            if (group == merged.Count)
                merged.Add(series[i]);
            else
                merged[group] = Merge(merged[group], series[i], steps);
        }
        return merged ?? series;
    }

    private static StepSeries Merge(StepSeries into, StepSeries from, int steps)
    {
        var result = new StepSeries(into.Labels, into.DropsName, [.. into.Values]) { Histograms = into.Histograms is { } histograms ? [.. histograms] : null };
        for (int step = 0; step < steps; step++)
        {
            StepValue value = from[step];
            if (!value.IsPresent)
                continue;
            if (result[step].IsPresent)
                throw new EvaluationException(Duplicate);
            result.Set(step, value);
        }
        return result;
    }
}
