using System.Runtime.InteropServices;
using Observability.Aggregator.ModelApi.Catalogue;
using Observability.Model;
using Observability.Storage;

namespace Observability.Aggregator.ModelApi.Evaluation;

/// <summary>Reads the sources of one formula, a series at a time, as far around the range as its points can depend on.</summary>
internal sealed class SourceReader(MetricStore store, TenantScope scope, IReadOnlyList<Matcher> @object, string? resourceId,
    TimeRange range, EvaluationBudget budget, CancellationToken cancellationToken)
{
    private readonly List<Sample> _samples = [];

    /// <param name="source">What to select.</param>
    /// <param name="kind">What will be computed.</param>
    /// <param name="isTotal">True: all that is kept counts.</param>
    internal IReadOnlyList<SelectedSeries> Select(SourceSeries source, ValueKind kind, bool isTotal)
    {
        long backMs = source.Sampling.BoundMs + (kind == ValueKind.Rate ? SeriesValues.LongestRateGapMs : 0);
        // Ahead for the newer sample of a rate, and so that whether a member is live can be seen.
        var window = new TimeRange(isTotal ? 0 : Math.Max(0, range.FromMs - backMs), range.ToMs + SeriesValues.LongestRateGapMs);
        IReadOnlyList<SelectedSeries> all = store.Select(scope, source.Of(@object), window, cancellationToken);
        if (resourceId is null || source.ResourceId is not { } rule)
            return all;
        return [.. all.Where(series => string.Equals(rule.Read(series.Labels), resourceId, StringComparison.Ordinal))];
    }

    /// <summary>The samples of one series. Good until the next call.</summary>
    internal ReadOnlySpan<Sample> Read(SelectedSeries series)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _samples.Clear();
        series.CopyTo(_samples);
        budget.ReadSeries();
        budget.ReadSamples(_samples.Count);
        return CollectionsMarshal.AsSpan(_samples);
    }
}
