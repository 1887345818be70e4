namespace Observability.Aggregator;

/// <summary>Series of requests, limits and node capacity, made from the watched objects.</summary>
public sealed class ResourceSeriesOptions
{
    /// <summary>Time between two samples.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);
}
