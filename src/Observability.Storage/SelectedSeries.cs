using Observability.Model;
using Observability.Storage.Head;

namespace Observability.Storage;

/// <summary>One series of an answer. What it shows is fixed by the selection: samples that come later do not appear.</summary>
public sealed class SelectedSeries
{
    private readonly VisibleSeries _visible;

    internal SelectedSeries(VisibleSeries visible)
    {
        _visible = visible;
        Labels = visible.Series.BuildLabels();
    }

    /// <summary>The partition it was read from.</summary>
    public TenantUid Tenant => _visible.Series.Partition;

    public LabelSet Labels { get; }

    /// <summary>
    /// Adds the samples in the selection's range to a list, oldest first, stale markers included. They can be none. Safe on any
    /// thread; samples that were dropped since the selection (<see cref="MetricStore.Truncate"/>) are missing.
    /// </summary>
    public void CopyTo(List<Sample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        _visible.Series.Owner.CopySamples(_visible.Series, _visible.Range, samples);
    }
}
