using Observability.Model;
using Observability.Storage;

namespace Observability.Aggregator.PrometheusApi.Series;

/// <summary>A name and how much of it there is.</summary>
internal readonly record struct NamedCount(string Name, long Count);

/// <summary>What <c>status/tsdb</c> tells, counted over what the scope opens and nothing else.</summary>
internal sealed class Cardinality
{
    private Cardinality()
    {
    }

    public long Series { get; private init; }

    /// <summary>Distinct pairs of a name and a value.</summary>
    public long LabelPairs { get; private init; }

    public long Chunks { get; private init; }

    public required IReadOnlyList<NamedCount> SeriesByMetric { get; init; }

    public required IReadOnlyList<NamedCount> ValuesByLabel { get; init; }

    /// <summary>Bytes of the distinct values' UTF-8.</summary>
    public required IReadOnlyList<NamedCount> BytesByLabel { get; init; }

    /// <summary>By <c>name=value</c>.</summary>
    public required IReadOnlyList<NamedCount> SeriesByPair { get; init; }

    /// <param name="limit">Entries of each list.</param>
    public static Cardinality Of(MetricStore store, TenantScope scope, int limit, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, Dictionary<string, long>>(StringComparer.Ordinal);
        IReadOnlyList<SelectedSeries> series = store.Select(scope, [], TimeRange.All, cancellationToken);
        foreach (SelectedSeries one in series)
        {
            foreach (Label label in one.Labels.AsSpan())
            {
                if (!values.TryGetValue(label.Name, out Dictionary<string, long>? ofName))
                    values.Add(label.Name, ofName = new Dictionary<string, long>(StringComparer.Ordinal));
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(ofName, label.Value, out _)++;
            }
        }
        cancellationToken.ThrowIfCancellationRequested();
        return new Cardinality
        {
            Series = series.Count,
            Chunks = store.Statistics(scope).Chunks,
            LabelPairs = values.Values.Sum(ofName => (long)ofName.Count),
            SeriesByMetric = Top(values.GetValueOrDefault(LabelNames.MetricName, []).Select(value => new NamedCount(value.Key, value.Value)), limit),
            ValuesByLabel = Top(values.Select(label => new NamedCount(label.Key, label.Value.Count)), limit),
            BytesByLabel = Top(values.Select(label => new NamedCount(label.Key, label.Value.Keys.Sum(value => (long)System.Text.Encoding.UTF8.GetByteCount(value)))), limit),
            SeriesByPair = Top(values.SelectMany(label => label.Value.Select(value => new NamedCount($"{label.Key}={value.Key}", value.Value))), limit),
        };
    }

    private static List<NamedCount> Top(IEnumerable<NamedCount> counts, int limit) =>
        [.. counts.OrderByDescending(count => count.Count).ThenBy(count => count.Name, StringComparer.Ordinal).Take(limit)];
}
