using Observability.Aggregator.ModelApi.Catalogue;
using Observability.Model;
using Observability.Storage;

namespace Observability.Aggregator.ModelApi;

/// <summary>The series that have not ended, as the newest samples in the scope tell.</summary>
internal sealed class LiveRows(MetricStore store)
{
    /// <summary>Labels of the series with a sample that is no older than the source's bound and no stale marker behind it.</summary>
    internal IEnumerable<LabelSet> Of(TenantScope scope, SourceSeries source, IReadOnlyList<Matcher> @object, long nowMs, CancellationToken cancellationToken) =>
        Live(scope, source.Of(@object), source.Sampling.BoundMs, nowMs, cancellationToken);

    internal IEnumerable<LabelSet> Live(TenantScope scope, IReadOnlyList<Matcher> matchers, long boundMs, long nowMs, CancellationToken cancellationToken)
    {
        // A sample can be ahead of this clock by what clocks differ.
        var window = new TimeRange(nowMs - boundMs, nowMs + boundMs);
        List<Sample> samples = [];
        foreach (SelectedSeries series in store.Select(scope, matchers, window, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            samples.Clear();
            series.CopyTo(samples);
            if (samples is [.., var newest] && !StaleMarker.Is(newest.Value))
                yield return series.Labels;
        }
    }
}
