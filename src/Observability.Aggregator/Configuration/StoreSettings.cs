namespace Observability.Aggregator;

/// <summary>The store's limits.</summary>
public sealed class StoreSettings
{
    /// <summary>How far back samples are kept in memory.</summary>
    public TimeSpan Range { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Active series that one tenant's partition takes.</summary>
    public int MaxSeriesPerTenant { get; set; } = 500_000;

    /// <summary>Time between two runs that drop what has become too old.</summary>
    public TimeSpan TruncateInterval { get; set; } = TimeSpan.FromMinutes(1);
}
