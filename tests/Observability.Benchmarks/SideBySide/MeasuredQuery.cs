using System.Globalization;

namespace Observability.Benchmarks.SideBySide;

/// <summary>One of the queries compared.</summary>
/// <param name="Name">Shown in the table.</param>
/// <param name="Text">PromQL; <c>#</c> stands where matchers of the scope go, with a comma behind them.</param>
/// <param name="Range">Looked back from the data's end; zero: an instant query.</param>
/// <param name="Step">Between two points.</param>
internal sealed record MeasuredQuery(string Name, string Text, TimeSpan Range, TimeSpan Step)
{
    private const string Cpu = "container_cpu_usage_seconds_total", Memory = "container_memory_working_set_bytes", Buckets = "http_request_duration_seconds_bucket";

    public static IReadOnlyList<MeasuredQuery> All { get; } =
    [
        new("1 up", "up{#}", Hours(1), Seconds(60)),
        new("2 sum(rate(cpu[5m])) by (namespace)", $"sum by (namespace) (rate({Cpu}{{#}}[5m]))", Hours(1), Seconds(15)),
        new("3 topk(10, sum by (pod) (mem))", $"topk(10, sum by (pod) ({Memory}{{#}}))", Hours(1), Seconds(60)),
        new("4 histogram_quantile(0.99, sum by (le) (rate(b[5m])))", $"histogram_quantile(0.99, sum by (le) (rate({Buckets}{{#}}[5m])))", Hours(1), Seconds(60)),
        new("5 cpu / on (namespace, pod) group_left kube_pod_info", $"{Cpu}{{#}} / on (namespace, pod) group_left () kube_pod_info{{#}}", Hours(1), Seconds(60)),
        new("6 whole range, sum by (namespace)", $"sum by (namespace) ({Memory}{{#}})", TimeSpan.MaxValue, Seconds(300)),
        new("7 max_over_time(sum(rate(x[1m]))[1h:1m])", $"max_over_time(sum(rate({Cpu}{{#}}[1m]))[1h:1m])", TimeSpan.Zero, TimeSpan.Zero),
        new("8a mem{pod=~\"api-.*-.*7.*\"}", $"{Memory}{{#pod=~\"api-.*-.*7.*\"}}", Hours(1), Seconds(60)),
        new("8b label values of pod", "", TimeSpan.Zero, TimeSpan.Zero),
    ];

    private bool IsLabelValues => Text.Length == 0;

    /// <summary>The request of a contender.</summary>
    /// <param name="scope">A matcher that stands for the tenant; empty: none is needed.</param>
    /// <param name="workload">Whose times.</param>
    public HttpRequestMessage Request(string scope, Workload workload, string extra)
    {
        // Whole minutes, up to which every system sees the same samples.
        long end = (workload.EndMs / 1000) - 60, start = Range == TimeSpan.MaxValue ? (workload.StartMs / 1000) + 300 : end - (long)Range.TotalSeconds;
        if (IsLabelValues)
        {
            string match = $"&match[]={Uri.EscapeDataString($"kube_pod_info{{{scope}}}")}";
            return new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"api/v1/label/pod/values?start={start}&end={end}{match}{extra}"));
        }
        string comma = scope.Length > 0 && Text.Contains("#pod", StringComparison.Ordinal) ? ", " : "";
        Dictionary<string, string> form = new() { ["query"] = Text.Replace("#", scope + comma, StringComparison.Ordinal) };
        if (Range == TimeSpan.Zero)
        {
            form["time"] = end.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            form["start"] = start.ToString(CultureInfo.InvariantCulture);
            form["end"] = end.ToString(CultureInfo.InvariantCulture);
            form["step"] = ((long)Step.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
        if (extra.Length > 0)
            form[extra.Trim('&').Split('=')[0]] = extra.Split('=')[1];
        return new HttpRequestMessage(HttpMethod.Post, Range == TimeSpan.Zero ? "api/v1/query" : "api/v1/query_range") { Content = new FormUrlEncodedContent(form) };
    }

    private static TimeSpan Hours(int hours) => TimeSpan.FromHours(hours);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
