using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Functions.Information;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Calls;

/// <summary>
/// <c>info()</c>: selects the info series through the same source as all else, as of the time at which the series themselves are looked
/// at, and joins them.
/// </summary>
internal static class InfoCall
{
    public static List<StepSeries> Evaluate(QueryContext query, CallExpression call, StepVector vector)
    {
        var join = new InfoJoin(call);
        List<StepSeries> series = SeriesCollector.CollectVisible(query, vector);
        List<InfoSeries> infos = join.Selection(series) is { } matchers ? Select(query, call, matchers, vector.Grid) : [];
        return SeriesMerging.Merge(join.Combine(series, infos, vector.Grid.Count, query.Budget, query.CancellationToken), vector.Grid.Count);
    }

    private static List<InfoSeries> Select(QueryContext query, CallExpression call, IReadOnlyList<Matcher> matchers, StepGrid grid)
    {
        InfoReference reference = InfoReference.Of(call.Arguments[0]);
        var selector = new VectorSelector { Matchers = matchers, At = reference.At, OffsetMs = reference.OffsetMs };
        Selection selection = Selection.Select(query, selector, grid, 0, new SelectHints(default, Function: call.Function.Name));
        var values = new SelectedVector(grid, selection, SelectedAspect.Value, smoothed: false);
        var times = new SelectedVector(grid, selection, SelectedAspect.Timestamp, smoothed: false);
        var infos = new List<InfoSeries>();
        Worker worker = query.Workers.Rent();
        StepRow row = worker.RentRow(grid.Count);
        for (int i = 0; i < selection.Series.Count; i++)
        {
            query.CancellationToken.ThrowIfCancellationRequested();
            values.Read(i, row, worker);
            if (row.HasHistograms)
                throw new EvaluationException("info sample should be float");
            times.Read(i, row, worker);
            if (row.IsEmpty())
                continue;
            query.Budget.Hold(row.Values.Length, 8L * row.Values.Length);
            infos.Add(new InfoSeries(selection.Series[i].Labels, [.. row.Values.Select(time => StepValue.IsAbsent(time) ? InfoSeries.None : (long)Math.Round(time * 1000))]));
        }
        worker.Return(row);
        query.Workers.Return(worker);
        return infos;
    }
}
