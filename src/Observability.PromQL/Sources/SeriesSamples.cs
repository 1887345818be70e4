using System.Runtime.InteropServices;
using Observability.Model;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;

namespace Observability.PromQL.Sources;

/// <summary>
/// Samples of one series: floats and histograms apart, each oldest first, no time twice. A buffer that is filled again and again, by one
/// thread at a time. A histogram whose sum is the stale marker ends the series as a float stale marker does.
/// </summary>
public sealed class SeriesSamples
{
    private readonly List<HistogramPoint> _histograms = [];
    private readonly List<long> _floatStarts = [], _histogramStarts = [];

    /// <summary>The floats. A source without start timestamps may fill it directly.</summary>
    public SampleColumns Floats { get; } = new();

    public ReadOnlySpan<HistogramPoint> Histograms => CollectionsMarshal.AsSpan(_histograms);

    /// <summary>When the counter of each float was created, 0 where that is not known. Empty where it is known of none.</summary>
    public ReadOnlySpan<long> FloatStartsMs => CollectionsMarshal.AsSpan(_floatStarts);

    /// <inheritdoc cref="FloatStartsMs"/>
    public ReadOnlySpan<long> HistogramStartsMs => CollectionsMarshal.AsSpan(_histogramStarts);

    public void Clear()
    {
        Floats.Clear();
        _histograms.Clear();
        _floatStarts.Clear();
        _histogramStarts.Clear();
    }

    /// <param name="timestampMs">Later than the last float's.</param>
    /// <param name="value">Any double.</param>
    /// <param name="startMs">When the counter was created; 0: not known.</param>
    public void Add(long timestampMs, double value, long startMs = 0)
    {
        AddStart(_floatStarts, Floats.Count, startMs);
        Floats.Add(timestampMs, value);
    }

    /// <param name="point">Later than the last histogram.</param>
    /// <param name="startMs">When the counter was created; 0: not known.</param>
    public void Add(HistogramPoint point, long startMs = 0)
    {
        AddStart(_histogramStarts, _histograms.Count, startMs);
        _histograms.Add(point);
    }

    /// <summary>Where a histogram does not say whether its counter restarted since the one before, finds it out.</summary>
    internal void TellResets()
    {
        Span<HistogramPoint> points = CollectionsMarshal.AsSpan(_histograms);
        for (int i = points.Length - 1; i > 0; i--)
        {
            (FloatHistogram before, FloatHistogram now) = (points[i - 1].Histogram, points[i].Histogram);
            if (now.CounterResetHint == CounterResetHint.Unknown && !StaleMarker.Is(now.Sum) && !StaleMarker.Is(before.Sum))
                points[i] = points[i] with { Histogram = now.WithHint(now.DetectReset(before) ? CounterResetHint.Reset : CounterResetHint.NotReset) };
        }
    }

    private static void AddStart(List<long> starts, int before, long startMs)
    {
        if (startMs == 0 && starts.Count == 0)
            return;
        if (starts.Count < before)
            CollectionsMarshal.SetCount(starts, before); // those before have none: zero
        starts.Add(startMs);
    }
}
