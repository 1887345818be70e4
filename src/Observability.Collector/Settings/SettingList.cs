using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Observability.Collector.Settings;

/// <summary>Every setting, in the order of <c>--help</c>.</summary>
internal static class SettingList
{
    internal static IReadOnlyList<Setting> All { get; } =
    [
        new("node", "NAME=https://HOST:10250", "", "Node to collect from, and its kubelet's address. Repeat it to serve a list of nodes.", Node)
            { IsList = true, Clear = options => options.Nodes.Clear() },
        Text("cluster", "NAME", "default", "Name of the cluster, as in the label `cluster`.", (options, value) => options.Cluster = value),
        Text("kubelet-ca-file", "FILE", "", "PEM file of the CAs that sign kubelets' serving certificates. Without it: the machine's trust store.",
            (options, value) => options.KubeletCaFile = value),
        Text("kubelet-token-file", "FILE", "", "Bearer token for the kubelet; read again for every scrape, so it may rotate.",
            (options, value) => options.KubeletTokenFile = value),
        Flag("kubelet-insecure-tls", "false", "Take any kubelet certificate. For trials only: whoever sits between can read the token.",
            (options, value) => options.KubeletInsecureTls = value),
        Flag("kubelet-gzip", "true", "Ask the kubelet to compress its pages.", (options, value) => options.KubeletGzip = value),
        Address("aggregator", "https://HOST:PORT", "The aggregator's ingest listener.", (options, value) => options.Aggregator = value),
        Text("aggregator-ca-file", "FILE", "", "PEM file of the CAs that sign the aggregator's certificate. Without it: the machine's trust store.",
            (options, value) => options.AggregatorCaFile = value),
        Text("ingest-token-file", "FILE", "", "Token for the aggregator, audience observability-ingest; read anew for each connection.",
            (options, value) => options.IngestTokenFile = value),
        Flag("aggregator-insecure-http", "false", "Allow http:// to an aggregator that is not on loopback. For trials only: the token travels in the clear.",
            (options, value) => options.AggregatorInsecureHttp = value),
        Duration("scrape-interval", "15s", "Time between two scrapes of a node, 1s to 1h.", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1),
            (options, value) => options.ScrapeInterval = value),
        Duration("scrape-timeout", "10s", "Longest wait for one whole answer; shorter than the interval.", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1),
            (options, value) => options.ScrapeTimeout = value),
        Duration("summary-interval", "60s", "Time between two readings of /stats/summary, a multiple of the scrape interval; 0s: never.", TimeSpan.Zero, TimeSpan.FromHours(1),
            (options, value) => options.SummaryInterval = value),
        Flag("resource-pods", "false", "Keep the pod and container rows of /metrics/resource too, not the node's alone.", (options, value) => options.ResourcePods = value),
        new("families-add", "NAME:counter|NAME:gauge", "", "Family of /metrics/cadvisor to keep beside the defaults. Repeatable.", Add(options => options.FamiliesAdd))
            { IsList = true, Clear = options => options.FamiliesAdd.Clear() },
        new("families-remove", "NAME", "", "Family of the defaults not to keep. Repeatable.", Add(options => options.FamiliesRemove))
            { IsList = true, Clear = options => options.FamiliesRemove.Clear() },
        Size("max-page-bytes", "64MiB", "Most uncompressed bytes of one answer, 64KiB to 256MiB; what is larger fails as a whole.", 64 << 10, 256 << 20,
            (options, value) => options.MaxPageBytes = (int)value),
        Size("buffer-bytes", "8MiB", "Most bytes of batches that wait for an acknowledgement, per node, 64KiB to 1GiB. Full: the oldest are dropped and reported.",
            64 << 10, 1 << 30, (options, value) => options.BufferBytes = value),
        Duration("buffer-age", "30m", "Longest time that a batch waits for an acknowledgement, 1s to 24h.", TimeSpan.FromSeconds(1), TimeSpan.FromHours(24),
            (options, value) => options.BufferAge = value),
        Text("listen", "ADDRESS:PORT", "127.0.0.1:9465", "Where /metrics, /healthz and /livez are served; port 0 takes any, `none` serves nowhere.",
            (options, value) => options.Listen = value is "none" ? "" : value),
        Duration("shutdown-timeout", "5s", "How long a stopping collector tries to hand over its last batches.", TimeSpan.Zero, TimeSpan.FromMinutes(5),
            (options, value) => options.ShutdownTimeout = value),
        new("log-level", "LEVEL", "information", "trace, debug, information, warning, error or none.", Level),
    ];

    private static string? Node(CollectorOptions options, string value)
    {
        int equal = value.IndexOf('=', StringComparison.Ordinal);
        if (equal <= 0)
            return "is NAME=ADDRESS";
        if (!TryAddress(value[(equal + 1)..], out Uri? address))
            return $"has no http(s) address behind {value[..equal]}=";
        options.Nodes.Add(new NodeTarget(value[..equal], address));
        return null;
    }

    private static string? Level(CollectorOptions options, string value)
    {
        if (!Enum.TryParse(value, ignoreCase: true, out LogLevel level) || char.IsAsciiDigit(value[0]))
            return "is none of trace, debug, information, warning, error, none";
        options.LogLevel = level;
        return null;
    }

    private static Func<CollectorOptions, string, string?> Add(Func<CollectorOptions, IList<string>> list) => (options, value) =>
    {
        list(options).Add(value);
        return null;
    };

    private static Setting Text(string name, string form, string @default, string help, Action<CollectorOptions, string> set) =>
        new(name, form, @default, help, (options, value) =>
        {
            if (value.Length == 0)
                return "is empty";
            set(options, value);
            return null;
        });

    private static Setting Flag(string name, string @default, string help, Action<CollectorOptions, bool> set) =>
        new(name, "", @default, help, (options, value) =>
        {
            if (!bool.TryParse(value, out bool flag))
                return "is neither true nor false";
            set(options, flag);
            return null;
        })
        { IsFlag = true };

    private static Setting Address(string name, string form, string help, Action<CollectorOptions, Uri> set) =>
        new(name, form, "", help, (options, value) =>
        {
            if (!TryAddress(value, out Uri? address))
                return "is no http(s) address";
            set(options, address);
            return null;
        });

    private static Setting Duration(string name, string @default, string help, TimeSpan least, TimeSpan most, Action<CollectorOptions, TimeSpan> set) =>
        new(name, "DURATION", @default, help, (options, value) =>
        {
            if (!TryDuration(value, out TimeSpan duration))
                return "is no duration such as 500ms, 15s, 5m or 1h";
            if (duration < least || duration > most)
                return "is out of range";
            set(options, duration);
            return null;
        });

    private static Setting Size(string name, string @default, string help, long least, long most, Action<CollectorOptions, long> set) =>
        new(name, "SIZE", @default, help, (options, value) =>
        {
            if (!TrySize(value, out long bytes))
                return "is no size such as 65536, 512KiB or 8MiB";
            if (bytes < least || bytes > most)
                return "is out of range";
            set(options, bytes);
            return null;
        });

    private static bool TryAddress(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) &&
        address.UserInfo.Length == 0;

    private static bool TryDuration(string text, out TimeSpan duration)
    {
        (string unit, double milliseconds) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => ("ms", 1.0),
            _ when text.EndsWith('s') => ("s", 1_000),
            _ when text.EndsWith('m') => ("m", 60_000),
            _ when text.EndsWith('h') => ("h", 3_600_000),
            _ => ("", 0),
        };
        duration = default;
        if (unit.Length == 0 ||
            !double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ||
            number * milliseconds > TimeSpan.FromDays(365).TotalMilliseconds)
            return false;
        duration = TimeSpan.FromMilliseconds(number * milliseconds);
        return true;
    }

    private static bool TrySize(string text, out long bytes)
    {
        (string unit, int shift) = text switch
        {
            _ when text.EndsWith("KiB", StringComparison.Ordinal) => ("KiB", 10),
            _ when text.EndsWith("MiB", StringComparison.Ordinal) => ("MiB", 20),
            _ when text.EndsWith("GiB", StringComparison.Ordinal) => ("GiB", 30),
            _ => ("", 0),
        };
        bool read = long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number) &&
            number <= long.MaxValue >> shift;
        bytes = read ? number << shift : 0;
        return read;
    }
}
