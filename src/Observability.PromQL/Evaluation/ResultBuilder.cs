using Observability.Model;
using Observability.PromQL.Evaluation.Ranges;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Functions.Windows;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;

namespace Observability.PromQL.Evaluation;

/// <summary>Reads the last operator of a query into what the caller gets.</summary>
internal static class ResultBuilder
{
    /// <summary>Names that were to be dropped are; no label set stands twice; series without values are left out.</summary>
    /// <param name="query">The query.</param>
    /// <param name="vector">The last operator, whose order is kept.</param>
    public static List<ResultSeries> Build(QueryContext query, StepVector vector)
    {
        StepGrid grid = vector.Grid;
        var times = new long[grid.Count];
        for (int step = 0; step < times.Length; step++)
            times[step] = grid.At(step);

        bool drops = false;
        for (int series = 0; series < vector.Count && !drops; series++)
            drops = vector.DropsName(series);
        if (drops && !vector.HasUniqueNamelessLabels)
        {
            List<StepSeries> collected = SeriesCollector.Collect(query, vector);
            for (int i = 0; i < collected.Count; i++)
            {
                if (collected[i].DropsName)
                    collected[i] = new StepSeries(NamelessLabels.Of(collected[i].Labels), dropsName: false, collected[i].Values) { Histograms = collected[i].Histograms };
            }
            vector = new ListVector(grid, SeriesMerging.Merge(collected, grid.Count));
        }

        var results = new ResultSeries?[vector.Count];
        query.Workers.ForEachChunk(vector.Count, (worker, _, from, to) =>
        {
            StepRow row = worker.RentRow(grid.Count);
            for (int series = from; series < to; series++)
            {
                query.CancellationToken.ThrowIfCancellationRequested();
                vector.Read(series, row, worker);
                if (row.IsEmpty())
                    continue;
                if (vector is not ListVector)
                    query.Budget.Hold(row.CountSamples(), 16L * row.Values.Length);
                LabelSet labels = vector.LabelsOf(series);
                results[series] = ToResult(row, vector.DropsName(series) ? NamelessLabels.Of(labels) : labels, times);
            }
            worker.Return(row);
        });
        return [.. results.OfType<ResultSeries>()];
    }

    /// <summary>The samples of a range vector at one step.</summary>
    public static List<ResultSeries> Build(QueryContext query, RangeVector range)
    {
        var results = new ResultSeries?[range.Count];
        query.Workers.ForEachChunk(range.Count, (worker, _, from, to) =>
        {
            SeriesSamples samples = worker.RentSamples();
            for (int series = from; series < to; series++)
            {
                query.CancellationToken.ThrowIfCancellationRequested();
                samples.Clear();
                range.Load(series, samples, worker);
                results[series] = ToResult(query, range, samples, series);
            }
            worker.Return(samples);
        });
        List<ResultSeries> list = [.. results.OfType<ResultSeries>()];
        list.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        for (int i = 1; i < list.Count; i++)
        {
            if (list[i].Labels == list[i - 1].Labels)
                throw new EvaluationException(SeriesMerging.Duplicate);
        }
        return list;
    }

    private static ResultSeries? ToResult(QueryContext query, RangeVector range, SeriesSamples samples, int series)
    {
        long endMs = range.WindowEnd(0), startMs = endMs - range.RangeMs;
        bool extended = range.Anchored || range.Smoothed;
        if (extended && !samples.Histograms.IsEmpty)
            throw new EvaluationException("anchored modifier is not supported with histograms");
        long reachStart = startMs - range.ReachBeforeMs, reachEnd = endMs + range.ReachBehindMs;
        ReadOnlySpan<long> times = samples.Floats.TimestampsMs;
        int first = WindowSearch.FirstAfter(times, reachStart), end = WindowSearch.FirstAfter(times, reachEnd);
        long[] resultTimes = times[first..end].ToArray();
        double[] values = samples.Floats.Values[first..end].ToArray();
        if (extended)
            (resultTimes, values) = ExtendedWindow.Extend(resultTimes, values, startMs, endMs, range.Smoothed);
        ReadOnlySpan<HistogramPoint> histograms = samples.Histograms;
        int firstHistogram = WindowSearch.FirstAfter(histograms, reachStart), endHistogram = WindowSearch.FirstAfter(histograms, reachEnd);
        if (resultTimes.Length == 0 && firstHistogram == endHistogram)
            return null;
        HistogramPoint[] points = histograms[firstHistogram..endHistogram].ToArray();
        long held = resultTimes.Length + points.Sum(point => (long)SampleSize.Of(point.Histogram));
        query.Budget.Hold(held, 16 * held);
        range.Touch(samples, held);
        LabelSet labels = range.DropsName(series) ? NamelessLabels.Of(range.LabelsOf(series)) : range.LabelsOf(series);
        return new ResultSeries { Labels = labels, TimestampsMs = resultTimes, Values = values, Histograms = points };
    }

    private static ResultSeries ToResult(StepRow row, LabelSet labels, long[] times)
    {
        int count = 0;
        foreach (double value in row.Values)
            count += StepValue.IsAbsent(value) ? 0 : 1;
        double[] values;
        long[] valueTimes = times;
        if (count == times.Length)
        {
            values = [.. row.Values];
        }
        else
        {
            (values, valueTimes) = (new double[count], new long[count]);
            int place = 0;
            for (int step = 0; step < times.Length; step++)
            {
                if (StepValue.IsAbsent(row.Values[step]))
                    continue;
                values[place] = row.Values[step];
                valueTimes[place++] = times[step];
            }
        }
        var histograms = new List<HistogramPoint>();
        for (int step = 0; row.HasHistograms && step < times.Length; step++)
        {
            if (row.Histograms[step] is FloatHistogram histogram)
                histograms.Add(new HistogramPoint(times[step], histogram));
        }
        return new ResultSeries { Labels = labels, TimestampsMs = valueTimes, Values = values, Histograms = histograms };
    }
}
