namespace Observability.Aggregator;

/// <summary>Where the store is, what it may lose, and its limits.</summary>
public sealed class StoreSettings
{
    /// <summary>Folder; empty: all is in memory.</summary>
    public string Path { get; set; } = "";

    /// <summary>True: a batch is acknowledged when it is on the disk itself.</summary>
    public bool SyncEveryBatch { get; set; }

    /// <summary>Otherwise, time between two syncs.</summary>
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Free space of the disk below which nothing is taken.</summary>
    public long ReserveBytes { get; set; } = 512L << 20;

    /// <summary>How far back samples are kept in memory.</summary>
    public TimeSpan Range { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How far behind the newest sample of its series a sample may come.</summary>
    public TimeSpan OutOfOrderWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a tenant's blocks are kept; zero: for ever.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(15);

    /// <summary>Bytes of blocks that a tenant keeps; 0: without limit.</summary>
    public long RetentionBytes { get; set; }

    /// <summary>Active series that one tenant's partition takes.</summary>
    public int MaxSeriesPerTenant { get; set; } = 500_000;

    /// <summary>Series that one tenant may begin in an hour.</summary>
    public int MaxNewSeriesPerTenantPerHour { get; set; } = 2_000_000;

    /// <summary>Samples that one tenant's partition takes in a second.</summary>
    public int MaxSamplesPerSecondPerTenant { get; set; } = 500_000;

    /// <summary>Time between two runs that drop what has become too old.</summary>
    public TimeSpan TruncateInterval { get; set; } = TimeSpan.FromMinutes(1);
}
