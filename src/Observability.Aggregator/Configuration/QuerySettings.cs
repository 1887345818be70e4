namespace Observability.Aggregator;

/// <summary>What one PromQL query, list or export may cost.</summary>
public sealed class QuerySettings
{
    /// <summary>Longest evaluation; a request may ask for less.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How old a series' newest sample may be for the series to have a value.</summary>
    public TimeSpan Lookback { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Samples that one query may hold at once, and that one remote read may give.</summary>
    public int MaxSamples { get; set; } = 50_000_000;

    /// <summary>Bytes of samples and results that one query may hold at once.</summary>
    public int MaxBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Series, names or values of one list; what is more is cut off with a warning.</summary>
    public int MaxListed { get; set; } = 100_000;

    /// <summary>Series that one federation gives.</summary>
    public int MaxFederated { get; set; } = 50_000;

    /// <summary>Longest wait for a reader to take the next piece of an answer.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>True: the language has all that Prometheus keeps behind flags.</summary>
    public bool Experimental { get; set; }
}
