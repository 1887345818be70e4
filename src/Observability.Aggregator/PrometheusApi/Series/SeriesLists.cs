using Observability.Model;
using Observability.Model.Families;
using Observability.Storage;

namespace Observability.Aggregator.PrometheusApi.Series;

/// <summary>A list, and whether there was more than it may hold.</summary>
internal readonly record struct Listed<T>(IReadOnlyList<T> Items, bool IsTruncated)
{
    private const string TruncatedText = "results truncated due to limit";

    public IReadOnlyList<string> Warnings => IsTruncated ? [TruncatedText] : [];
}

/// <summary>
/// What there is to ask about: series, label names, values, families. All of it is read through the scope; a list is as long as is asked, and
/// never longer than the settings say.
/// </summary>
internal sealed class SeriesLists(MetricStore store, QuerySettings settings)
{
    private static readonly IReadOnlyList<IReadOnlyList<Matcher>> Everything = [[]];

    /// <summary>Label sets of the series that any of the selectors opens: sorted, each once.</summary>
    /// <param name="limit">0: no other than the settings'.</param>
    public Listed<LabelSet> Series(TenantScope scope, IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimeRange range, long limit, CancellationToken cancellationToken)
    {
        var sets = new List<LabelSet>();
        foreach (IReadOnlyList<Matcher> matchers in selectors)
        {
            foreach (SelectedSeries series in store.Select(scope, matchers, range, cancellationToken))
                sets.Add(series.Labels);
        }
        cancellationToken.ThrowIfCancellationRequested();
        sets.Sort();
        return Cut([.. Distinct(sets)], limit);
    }

    /// <summary>Names of their labels: sorted, each once.</summary>
    /// <inheritdoc cref="Series"/>
    public Listed<string> Names(TenantScope scope, IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimeRange range, long limit, CancellationToken cancellationToken) =>
        Union(selectors, limit, matchers => store.LabelNames(scope, matchers, range, cancellationToken));

    /// <summary>Values of one of their labels: sorted, each once.</summary>
    /// <inheritdoc cref="Series"/>
    public Listed<string> Values(TenantScope scope, string label, IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimeRange range, long limit, CancellationToken cancellationToken) =>
        Union(selectors, limit, matchers => store.LabelValues(scope, label, matchers, range, cancellationToken));

    /// <summary>The families of which the scope opens a series, sorted by name.</summary>
    /// <param name="metric">One name; null: all.</param>
    /// <param name="limit">Families; 0: all.</param>
    public IReadOnlyList<MetricFamily> Families(TenantScope scope, string? metric, long limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<Matcher> matchers = metric is null ? [] : [Matcher.Equal(LabelNames.MetricName, metric)];
        var families = new List<MetricFamily>();
        foreach (string name in store.LabelValues(scope, LabelNames.MetricName, matchers, TimeRange.All, cancellationToken))
        {
            if (KnownFamilies.TryFind(name, out MetricFamily? family))
                families.Add(family);
            if (families.Count == limit && limit > 0)
                break;
        }
        return families;
    }

    private static IEnumerable<LabelSet> Distinct(List<LabelSet> sorted)
    {
        for (int i = 0; i < sorted.Count; i++)
        {
            if (i == 0 || !sorted[i].Equals(sorted[i - 1]))
                yield return sorted[i];
        }
    }

    private Listed<string> Union(IReadOnlyList<IReadOnlyList<Matcher>> selectors, long limit, Func<IReadOnlyList<Matcher>, IReadOnlyList<string>> read)
    {
        if (selectors.Count <= 1)
            return Cut(read(selectors.Count == 0 ? Everything[0] : selectors[0]), limit);
        var texts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (IReadOnlyList<Matcher> matchers in selectors)
            texts.UnionWith(read(matchers));
        return Cut([.. texts], limit);
    }

    private Listed<T> Cut<T>(IReadOnlyList<T> items, long limit)
    {
        int most = (int)Math.Min(limit == 0 ? settings.MaxListed : limit, settings.MaxListed);
        return items.Count <= most ? new Listed<T>(items, false) : new Listed<T>([.. items.Take(most)], true);
    }
}
