using System.ComponentModel.DataAnnotations;

namespace Observability.Storage;

/// <summary>What the store keeps and what it takes. Limits hold for each partition by itself.</summary>
public sealed class StoreOptions
{
    /// <summary>How long samples stay in memory, 10 minutes to 1 day. Older ones are refused and dropped. Default 2 h.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "1.00:00:00")]
    public TimeSpan HeadRange { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How far ahead of this process's clock a sample may be, 0 to 1 h. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxFuture { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How far behind the newest sample of its series a sample may come, 0 to 2 h. Later ones are refused. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "02:00:00")]
    public TimeSpan OutOfOrderWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long after its end a period of two hours stays in memory and takes samples before it is sealed into a block, 0 to 2 h. Default
    /// 35 minutes: a collector that was cut off delivers what it held for 30.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "02:00:00")]
    public TimeSpan SealDelay { get; set; } = TimeSpan.FromMinutes(35);

    /// <summary>Series of one partition that may be in memory at once. Default 200,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxSeriesPerPartition { get; set; } = 200_000;

    /// <summary>Series of one partition that may come into being in an hour; those that come back to memory count. Default 2,000,000.</summary>
    [Range(1, int.MaxValue)]
    public int MaxNewSeriesPerHour { get; set; } = 2_000_000;

    /// <summary>Samples that one partition takes a second, averaged over a minute. Default 500,000.</summary>
    [Range(1, int.MaxValue)]
    public int MaxSamplesPerSecond { get; set; } = 500_000;

    /// <summary>Labels of one series, <c>__name__</c> counted. Default 40.</summary>
    [Range(1, 1000)]
    public int MaxLabels { get; set; } = 40;

    /// <summary>UTF-8 bytes of a label's name. Default 512.</summary>
    [Range(1, 65536)]
    public int MaxLabelNameBytes { get; set; } = 512;

    /// <summary>UTF-8 bytes of a label's value. Default 4096.</summary>
    [Range(1, 1048576)]
    public int MaxLabelValueBytes { get; set; } = 4096;
}
