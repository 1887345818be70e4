using Observability.Model;
using Observability.PromQL.Sources;
using Observability.Storage;

namespace Observability.Aggregator.PrometheusApi.Evaluation;

/// <summary>
/// The store as one caller sees it: what a query engine reads. The scope is bound here, below the engine, so that no expression can name what lies
/// beyond it.
/// </summary>
internal sealed class ScopedSeriesSource(MetricStore store, TenantScope scope) : ISeriesSource
{
    public IReadOnlyList<ISeries> Select(IReadOnlyList<Matcher> matchers, SelectHints hints, CancellationToken cancellationToken)
    {
        IReadOnlyList<SelectedSeries> selected = store.Select(scope, matchers, hints.Range, cancellationToken);
        if (scope.Grants.Length <= 1)
            return [.. selected.Select(series => new StoredSeries(series))];

        // A tenant that is gone and a newer one of the same name can have series of the same labels: they are one to a query.
        var byLabels = new Dictionary<LabelSet, ISeries>(selected.Count);
        foreach (SelectedSeries series in selected)
        {
            var stored = new StoredSeries(series);
            byLabels[series.Labels] = byLabels.TryGetValue(series.Labels, out ISeries? other) ? new MergedSeries(other, stored) : stored;
        }
        return [.. byLabels.Values];
    }

    private sealed class StoredSeries(SelectedSeries series) : ISeries
    {
        [ThreadStatic]
        private static List<Sample>? _copy;

        public LabelSet Labels => series.Labels;

        public void Read(TimeRange range, SeriesSamples into)
        {
            List<Sample> copy = _copy ??= [];
            copy.Clear();
            series.CopyTo(copy);
            foreach ((long timestampMs, double value) in copy)
            {
                if (range.Contains(timestampMs))
                    into.Floats.Add(timestampMs, value);
            }
        }
    }

    private sealed class MergedSeries(ISeries first, ISeries second) : ISeries
    {
        public LabelSet Labels => first.Labels;

        public void Read(TimeRange range, SeriesSamples into)
        {
            SeriesSamples left = new(), right = new();
            first.Read(range, left);
            second.Read(range, right);
            SampleColumns a = left.Floats, b = right.Floats;
            for (int i = 0, j = 0; i < a.Count || j < b.Count;)
            {
                if (j == b.Count || (i < a.Count && a.TimestampsMs[i] <= b.TimestampsMs[j]))
                {
                    if (j < b.Count && a.TimestampsMs[i] == b.TimestampsMs[j])
                        j++;
                    into.Floats.Add(a.TimestampsMs[i], a.Values[i]);
                    i++;
                }
                else
                {
                    into.Floats.Add(b.TimestampsMs[j], b.Values[j]);
                    j++;
                }
            }
        }
    }
}
