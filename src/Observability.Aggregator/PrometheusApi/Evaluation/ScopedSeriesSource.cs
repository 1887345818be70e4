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
            return [.. selected.Select(series => new StoredSeries(series, hints.Range))];

        // A tenant that is gone and a newer one of the same name can have series of the same labels: they are one to a query.
        var byLabels = new Dictionary<LabelSet, ISeries>(selected.Count);
        foreach (SelectedSeries series in selected)
        {
            var stored = new StoredSeries(series, hints.Range);
            byLabels[series.Labels] = byLabels.TryGetValue(series.Labels, out ISeries? other) ? new MergedSeries(other, stored) : stored;
        }
        return [.. byLabels.Values];
    }

    private sealed class StoredSeries(SelectedSeries series, TimeRange selected) : ISeries
    {
        [ThreadStatic]
        private static SampleColumns? _all;

        public LabelSet Labels => series.Labels;

        public void Read(TimeRange range, SeriesSamples into)
        {
            if (range.FromMs <= selected.FromMs && range.ToMs >= selected.ToMs)
            {
                series.Read(into.Floats);
                return;
            }
            SampleColumns all = _all ??= new SampleColumns();
            all.Clear();
            series.Read(all);
            int first = Below(all.TimestampsMs, range.FromMs);
            int count = range.ToMs == long.MaxValue ? all.Count - first : Below(all.TimestampsMs, range.ToMs + 1) - first;
            if (count <= 0)
                return;
            into.Floats.Extend(count, out Span<long> timestampsMs, out Span<double> values);
            all.TimestampsMs.Slice(first, count).CopyTo(timestampsMs);
            all.Values.Slice(first, count).CopyTo(values);
        }

        /// <summary>How many times lie before one.</summary>
        private static int Below(ReadOnlySpan<long> timestampsMs, long beforeMs)
        {
            int found = timestampsMs.BinarySearch(beforeMs);
            return found < 0 ? ~found : found;
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
