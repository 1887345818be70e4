namespace Observability.Aggregator;

/// <summary>What one collector's stream may send. Collectors are told, so that one which keeps to it is never refused for size.</summary>
public sealed class IngestOptions
{
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;

    public int MaxSeriesPerNode { get; set; } = 200_000;

    public int MaxSamplesPerBatch { get; set; } = 100_000;

    public int MaxLabels { get; set; } = 32;

    public int MaxLabelValueBytes { get; set; } = 1024;

    /// <summary>Samples a node may send per second, on average over a minute. Faster ones are read slower, not refused.</summary>
    public int SamplesPerSecondPerNode { get; set; } = 20_000;

    /// <summary>How long the series of a stream that ended wait for its node to come back before they get their stale marker.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time between two checks that an open stream still has its right.</summary>
    public TimeSpan RecheckInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an open stream goes on while that check cannot be made.</summary>
    public TimeSpan ReviewGrace { get; set; } = TimeSpan.FromMinutes(5);
}
