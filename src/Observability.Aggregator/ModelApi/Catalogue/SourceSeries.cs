using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>Stored series that a metric is made of.</summary>
/// <param name="Name">Their metric name.</param>
/// <param name="Sampling">How often they are sampled.</param>
/// <param name="Conditions">What fixes their origin and the kind of their rows; without the name, and without the object asked for.</param>
/// <param name="ResourceId">How a series' <c>resource_id</c> is read off its labels; null where the metric has none.</param>
internal sealed record SourceSeries(string Name, Sampling Sampling, ImmutableArray<Matcher> Conditions, ResourceIdRule? ResourceId = null)
{
    /// <summary>True where a series' labels fulfil the name and every condition.</summary>
    internal bool Covers(LabelSet labels)
    {
        if (!string.Equals(labels.MetricName, Name, StringComparison.Ordinal))
            return false;
        foreach (Matcher condition in Conditions)
        {
            if (!condition.Matches(labels[condition.Name]))
                return false;
        }
        return true;
    }

    /// <summary>The matchers that select these series of one object.</summary>
    internal IReadOnlyList<Matcher> Of(IEnumerable<Matcher> @object) => [Matcher.Equal(LabelNames.MetricName, Name), .. Conditions, .. @object];
}
