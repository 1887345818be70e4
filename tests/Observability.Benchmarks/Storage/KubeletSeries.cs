using Observability.Model;

namespace Observability.Benchmarks.Storage;

/// <summary>
/// Series as the kubelet's rows become them: ten labels, pods of two containers, 25 rows of each. A container's rows have one time, jittered
/// by seconds; values are as spec'd for a mix of constants, slow and busy counters, CPU seconds and memory.
/// </summary>
internal static class KubeletSeries
{
    public const int RowsOfContainer = 25;

    public static TenantUid Tenant { get; } = TenantUid.Parse(new string('a', 32));

    public static TenantScope Scope { get; } = new([TenantGrant.Whole(Tenant, Rights.Metrics)]);

    public static LabelSet At(int index)
    {
        int pod = index / (2 * RowsOfContainer), family = index % RowsOfContainer, container = index / RowsOfContainer % 2;
        return LabelSet.Of(
            ("__name__", $"container_family_{family}_total"), ("cluster", "main"), ("container", $"c{container}"), ("instance", $"node-{pod / 30}"),
            ("job", "kubelet"), ("metrics_path", "/metrics/cadvisor"), ("namespace", $"ns-{pod % 20}"), ("node", $"node-{pod / 30}"),
            ("pod", $"web-7d4b9c6f5-{pod:x5}"), ("tenant", "acme"));
    }

    /// <summary>Time of a container's rows in a scrape.</summary>
    public static long TimeMs(long scrapeMs, int series) =>
        scrapeMs - (long)(((ulong)(series / RowsOfContainer) * 2654435761 + ((ulong)(scrapeMs / 15_000) * 40503)) % 4096);

    /// <summary>45 % constant, 20 % counters that rise now and then, 15 % that always do, 10 % seconds with nine decimals, 10 % memory.</summary>
    public static double Value(int series, int scrape)
    {
        uint noise = (uint)(((series * 2654435761L) + (scrape * 2246822519L)) >> 7);
        return (series % 20) switch
        {
            < 9 => series % 3 == 0 ? 0 : series % 7 * 1024,
            < 13 => 1000 + (scrape / (3 + (series % 5))),
            < 16 => (scrape * 1500L) + (noise % 700),
            < 18 => Math.Round((scrape * 0.75) + (noise % 100_000_000 / 1e9), 9),
            _ => 4096.0 * (30_000 + (noise % 200)),
        };
    }
}
