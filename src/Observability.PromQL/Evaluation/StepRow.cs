using Observability.Model;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Evaluation;

/// <summary>The values of one series over all steps, in a buffer that is filled again and again. Used by one thread at a time.</summary>
internal sealed class StepRow(int steps)
{
    private FloatHistogram?[]? _histograms;

    /// <summary>One a step; the stale marker where there is no float.</summary>
    public double[] Values { get; } = new double[steps];

    public bool HasHistograms { get; private set; }

    public StepValue this[int step] => HasHistograms && _histograms![step] is { } histogram ? new StepValue(histogram) : new StepValue(Values[step]);

    /// <summary>Where <see cref="HasHistograms"/>: one a step, null where there is none.</summary>
    public FloatHistogram?[] Histograms => _histograms!; // made before the flag is set

    /// <summary>No value at any step.</summary>
    public void Clear()
    {
        Array.Fill(Values, StaleMarker.Value);
        ClearHistograms();
    }

    public void ClearHistograms()
    {
        if (!HasHistograms)
            return;
        Array.Clear(_histograms!);
        HasHistograms = false;
    }

    public void Set(int step, FloatHistogram histogram)
    {
        _histograms ??= new FloatHistogram?[Values.Length];
        HasHistograms = true;
        _histograms[step] = histogram;
        Values[step] = StaleMarker.Value;
    }

    public void Set(int step, StepValue value)
    {
        if (value.Histogram is { } histogram)
        {
            Set(step, histogram);
            return;
        }
        Values[step] = value.Float;
        if (HasHistograms)
            _histograms![step] = null;
    }

    public bool IsPresent(int step) => !StepValue.IsAbsent(Values[step]) || (HasHistograms && _histograms![step] is not null);

    public bool IsEmpty()
    {
        for (int step = 0; step < Values.Length; step++)
        {
            if (IsPresent(step))
                return false;
        }
        return true;
    }

    /// <summary>How many samples this is; a histogram counts by its size.</summary>
    public long CountSamples()
    {
        long count = 0;
        foreach (double value in Values)
            count += StepValue.IsAbsent(value) ? 0 : 1;
        if (!HasHistograms)
            return count;
        foreach (FloatHistogram? histogram in _histograms!)
            count += histogram is null ? 0 : SampleSize.Of(histogram);
        return count;
    }

    public StepSeries ToSeries(LabelSet labels, bool dropsName)
    {
        return new StepSeries(labels, dropsName, [.. Values]) { Histograms = HasHistograms ? [.. _histograms!] : null };
    }

    public void CopyFrom(StepSeries series)
    {
        ClearHistograms();
        series.Values.AsSpan(0, Values.Length).CopyTo(Values);
        if (series.Histograms is not { } histograms)
            return;
        for (int step = 0; step < Values.Length; step++)
        {
            if (histograms[step] is { } histogram)
                Set(step, histogram);
        }
    }
}
