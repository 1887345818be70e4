namespace Observability.PromQL.Evaluation.Vectors;

/// <summary>Computes all series of a vector and holds them.</summary>
internal static class SeriesCollector
{
    /// <summary>In the vector's order, series without any value left out.</summary>
    public static List<StepSeries> Collect(QueryContext query, StepVector vector)
    {
        if (vector is ListVector list)
            return [.. list.Series];
        var collected = new StepSeries?[vector.Count];
        query.Workers.ForEachChunk(vector.Count, (worker, _, from, to) =>
        {
            StepRow row = worker.RentRow(vector.Grid.Count);
            for (int series = from; series < to; series++)
            {
                query.CancellationToken.ThrowIfCancellationRequested();
                vector.Read(series, row, worker);
                if (row.IsEmpty())
                    continue;
                StepSeries held = row.ToSeries(vector.LabelsOf(series), vector.DropsName(series));
                query.Budget.Hold(held);
                collected[series] = held;
            }
            worker.Return(row);
        });
        return [.. collected.OfType<StepSeries>()];
    }

    /// <summary>As <see cref="Collect"/>, with the labels that the next operator sees, and each of them once.</summary>
    public static List<StepSeries> CollectVisible(QueryContext query, StepVector vector)
    {
        List<StepSeries> series = Collect(query, vector);
        if (query.DelayedNames || !series.Exists(one => one.DropsName))
            return series;
        for (int i = 0; i < series.Count; i++)
        {
            if (series[i].DropsName)
                series[i] = new StepSeries(NamelessLabels.Of(series[i].Labels), dropsName: false, series[i].Values) { Histograms = series[i].Histograms };
        }
        return vector.HasUniqueNamelessLabels ? series : SeriesMerging.Merge(series, vector.Grid.Count);
    }
}
