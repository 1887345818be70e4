using System.ComponentModel.DataAnnotations;

namespace Observability.Aggregator.ModelApi;

/// <summary>What one question to the model may cost.</summary>
public sealed class ModelOptions
{
    /// <summary>Step of the grid that sums have points on: the scrape interval. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Resolution { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest time between start and end, and how far back an absent start reaches. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "31.00:00:00")]
    public TimeSpan MaxRange { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Points of one answer, all pods of a list together. Default 50,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxPoints { get; set; } = 50_000;

    /// <summary>Pods of one list. Default 100.</summary>
    [Range(1, 10_000)]
    public int MaxPods { get; set; } = 100;

    /// <summary>Stored samples that one answer may be computed from. Default 20 million.</summary>
    [Range(1, 1_000_000_000)]
    public long MaxSamples { get; set; } = 20_000_000;

    /// <summary>Time between two looks for new points of a watched metric. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How far behind now a watch still looks for points, at its start and when it was held up. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan WatchReach { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait for a watcher to take one point. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan WatchSendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Open watches, all callers together. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxWatches { get; set; } = 1000;

    /// <summary>Open watches of one caller. Default 20.</summary>
    [Range(1, 10_000)]
    public int MaxWatchesPerCaller { get; set; } = 20;
}
