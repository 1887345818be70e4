using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Observability.Model;

namespace Observability.Benchmarks.SideBySide;

/// <summary>
/// What all contenders keep: pods of several tenants, twenty series each, a sample every 15 s. A value is a function of its series and row, so each
/// contender is given the same bits without a file between them. Times are off the whole second, so that no window begins or ends on a sample.
/// </summary>
internal sealed class Workload
{
    public const int StepMs = 15_000;
    private const int SeriesPerPod = 20;
    private const int NamespacesPerTenant = 4;

    private static readonly string[] Bounds = ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "+Inf"];
    private static readonly string[] Applications = ["api", "web", "worker", "cache", "db"];

    private readonly LabelSet[] _labels;

    public Workload(int series, int tenants, TimeSpan length, DateTimeOffset end)
    {
        Tenants = tenants;
        int pods = Math.Max(tenants, series / SeriesPerPod);
        Rows = (int)(length.TotalMilliseconds / StepMs);
        EndMs = end.ToUnixTimeMilliseconds() / 60_000 * 60_000;
        StartMs = EndMs - ((long)Rows * StepMs);
        _labels = [.. Enumerable.Range(0, pods).SelectMany(Pod)];
    }

    public int Tenants { get; }

    /// <summary>Samples of each series.</summary>
    public int Rows { get; }

    public long StartMs { get; }

    public long EndMs { get; }

    public IReadOnlyList<LabelSet> Labels => _labels;

    public static string Tenant(int number) => string.Create(CultureInfo.InvariantCulture, $"t{number:00}");

    public int TenantOf(int series) => series / SeriesPerPod % Tenants;

    /// <summary>Series of a pod share their times, as they do in a scrape.</summary>
    public long TimeOf(int series, int row) => StartMs + ((long)row * StepMs) + 1 + (series / SeriesPerPod % 977);

    public double Value(int series, int row) => (series % SeriesPerPod) switch
    {
        0 => 1,                                                        // up
        1 or 2 => Counter(series, row, 0.02 + (Hash(series, -1) % 100 * 0.01), decimals: 6),
        3 or 4 => 4096.0 * (20_000 + (Hash(series, row / 4) % 5_000)), // memory, constant for a minute
        5 or 6 => Counter(series, row, 1_000 + (Hash(series, -1) % 50_000), decimals: 0),
        7 => 1,                                                        // kube_pod_info
        var place => Counter(series - (place - 8), row, 5, decimals: 0) * Math.Min(place - 7, Bounds.Length), // buckets, count, sum
    };

    /// <summary>Rises in every row, by an amount that differs from row to row.</summary>
    private static double Counter(int series, int row, double perSecond, int decimals)
    {
        double step = perSecond * (StepMs / 1000.0);
        return Math.Round(1_000 + ((row + 1) * step) + (0.9 * step * (Hash(series, row) % 1000) / 1000.0), decimals);
    }

    private static uint Hash(int series, int row)
    {
        ReadOnlySpan<int> key = [series, row];
        return (uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key));
    }

    private IEnumerable<LabelSet> Pod(int pod)
    {
        string tenant = Tenant(pod % Tenants);
        string application = Applications[pod / Tenants % Applications.Length];
        string name = string.Create(CultureInfo.InvariantCulture, $"{application}-{pod % 997:x}-{pod:0000}");
        (string, string)[] common =
        [
            ("tenant", tenant), ("namespace", string.Create(CultureInfo.InvariantCulture, $"{tenant}-ns{pod / Tenants % NamespacesPerTenant}")), ("pod", name),
            ("node", string.Create(CultureInfo.InvariantCulture, $"node-{pod % 50}")), ("cluster", "default"), ("job", "kubelet"),
        ];
        LabelSet Series(string metric, params (string, string)[] more) => LabelSet.Of([("__name__", metric), .. common, .. more]);

        yield return Series("up");
        yield return Series("container_cpu_usage_seconds_total", ("container", "main"));
        yield return Series("container_cpu_usage_seconds_total", ("container", "sidecar"));
        yield return Series("container_memory_working_set_bytes", ("container", "main"));
        yield return Series("container_memory_working_set_bytes", ("container", "sidecar"));
        yield return Series("container_network_receive_bytes_total", ("interface", "eth0"));
        yield return Series("container_network_transmit_bytes_total", ("interface", "eth0"));
        yield return Series("kube_pod_info", ("created_by_kind", "ReplicaSet"), ("host_ip", "10.0.0.1"));
        foreach (string bound in Bounds)
            yield return Series("http_request_duration_seconds_bucket", ("le", bound));
        yield return Series("http_request_duration_seconds_count");
        yield return Series("http_request_duration_seconds_sum");
    }
}
