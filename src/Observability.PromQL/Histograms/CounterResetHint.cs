namespace Observability.PromQL.Histograms;

/// <summary>What is known about a counter histogram and the sample before it in its series.</summary>
public enum CounterResetHint
{
    Unknown,

    /// <summary>The counter restarted between the sample before and this one.</summary>
    Reset,

    /// <summary>It did not.</summary>
    NotReset,

    /// <summary>No counter: resets mean nothing here.</summary>
    Gauge,
}
