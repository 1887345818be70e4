namespace Observability.PromQL.Histograms;

/// <summary>
/// Finds out of each histogram of a series in turn whether its counter restarted. Prometheus does so where of a histogram only count and
/// sum are asked for (<c>histogram_count</c> and the like), as it drops the buckets then; what it notes of colliding hints depends on it.
/// </summary>
public struct ResetHints
{
    private FloatHistogram? _previous;

    /// <summary>The next histogram of the series, with a hint.</summary>
    public FloatHistogram Next(FloatHistogram histogram)
    {
        CounterResetHint hint = histogram.CounterResetHint;
        if (hint == CounterResetHint.Unknown && _previous is not null)
            hint = histogram.DetectReset(_previous) ? CounterResetHint.Reset : CounterResetHint.NotReset;
        _previous = histogram;
        return histogram.WithHint(hint);
    }

    /// <summary>A float or the end of the series stands in between.</summary>
    public void Interrupt() => _previous = null;
}
