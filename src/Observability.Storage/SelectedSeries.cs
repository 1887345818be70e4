using Observability.Model;
using Observability.Storage.Head;

namespace Observability.Storage;

/// <summary>One series of an answer. What it shows is fixed by the selection: samples that come later do not appear.</summary>
public sealed class SelectedSeries
{
    private readonly VisibleSeries _visible;
    private LabelSet? _labels;

    internal SelectedSeries(VisibleSeries visible) => _visible = visible;

    /// <summary>The partition it was read from.</summary>
    public TenantUid Tenant => _visible.Series.Partition;

    /// <summary>Made when first asked for.</summary>
    public LabelSet Labels => _labels ??= _visible.Series.BuildLabels();

    /// <summary>
    /// Adds the samples in the selection's range to a list, oldest first, stale markers included. They can be none. Safe on any
    /// thread; samples that were dropped since the selection (<see cref="MetricStore.Truncate"/>) are missing.
    /// </summary>
    public void CopyTo(List<Sample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var columns = new SampleColumns();
        Read(columns);
        samples.EnsureCapacity(samples.Count + columns.Count);
        for (int i = 0; i < columns.Count; i++)
            samples.Add(new Sample(columns.TimestampsMs[i], columns.Values[i]));
    }

    /// <summary>Adds the samples that <see cref="CopyTo"/> adds, to columns. One thread a buffer.</summary>
    public void Read(SampleColumns into)
    {
        ArgumentNullException.ThrowIfNull(into);
        _visible.Series.Owner.Read(_visible.Series, _visible.Range, into);
    }
}
