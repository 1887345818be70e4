using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Observability.Collector.Settings;
using Observability.Collector.Classification;
using Observability.Model;
using Observability.Simulator;

namespace Observability.Benchmarks.Storage;

/// <summary>One series of a <see cref="KubeletHistory"/>.</summary>
/// <param name="Labels">As the product stores them: without the ids, with cluster and node.</param>
/// <param name="TimesMs">Rising; the array itself is shared by the series that a cgroup stamps together.</param>
/// <param name="ValueBits">One for each time.</param>
internal sealed record HistorySeries(LabelSet Labels, long[] TimesMs, long[] ValueBits);

/// <summary>What a node's cAdvisor pages say over hours, as series: only rows of pods, only families that the collector keeps.</summary>
internal sealed class KubeletHistory
{
    private readonly FamilyList _families = new(new CollectorOptions());
    private readonly Dictionary<string, Column> _columns = new(StringComparer.Ordinal);

    public static async Task<List<HistorySeries>> SimulateAsync(int pods, TimeSpan length, CancellationToken cancellationToken)
    {
        var history = new KubeletHistory();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using ClusterSimulator cluster = await ClusterSimulator.StartAsync(Scenarios.ThreeTenants(nodes: 1, podsPerNode: pods), time, cancellationToken);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var client = new HttpClient(handler) { BaseAddress = cluster.Nodes[0].Kubelet };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.AdministratorToken);
        var interval = TimeSpan.FromSeconds(15);
        for (TimeSpan at = TimeSpan.Zero; at < length; at += interval)
        {
            history.AddPage(await client.GetStringAsync("metrics/cadvisor", cancellationToken));
            time.Advance(interval);
        }
        return history.Series();
    }

    /// <summary>Pages that a real kubelet gave: every <c>metrics_cadvisor.txt.gz</c> under a folder, in the order of their paths.</summary>
    public static List<HistorySeries> Recorded(string folder)
    {
        var history = new KubeletHistory();
        foreach (string path in Directory.GetFiles(folder, "metrics_cadvisor.txt.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
            history.AddPage(text.ReadToEnd());
        }
        return history.Series();
    }

    private void AddPage(string page)
    {
        Dictionary<string, Column>.AlternateLookup<ReadOnlySpan<char>> columns = _columns.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (ReadOnlySpan<char> line in page.AsSpan().EnumerateLines())
        {
            int end = line.LastIndexOf('}');
            if (line.IsEmpty || line[0] == '#' || end < 0)
                continue;
            ReadOnlySpan<char> key = line[..end], numbers = line[(end + 2)..];
            int space = numbers.IndexOf(' ');
            if (space < 0)
                continue; // without a time of its own
            if (!columns.TryGetValue(key, out Column? column))
                _columns.Add(key.ToString(), column = new Column(LabelsOf(key.ToString())));
            if (column.Labels is null)
                continue;
            long timeMs = long.Parse(numbers[(space + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            if (column.Times.Count > 0 && column.Times[^1] >= timeMs)
                continue; // the kubelet repeats what it has not looked at again
            column.Times.Add(timeMs);
            column.Bits.Add(BitConverter.DoubleToInt64Bits(double.Parse(numbers[..space], NumberStyles.Float, CultureInfo.InvariantCulture)));
        }
    }

    private List<HistorySeries> Series()
    {
        var shared = new Dictionary<string, long[]>(StringComparer.Ordinal);
        var series = new Dictionary<LabelSet, HistorySeries>();
        foreach (Column column in _columns.Values)
        {
            if (column.Labels is null || column.Times.Count == 0)
                continue;
            long[] times = [.. column.Times];
            string key = string.Join(',', times);
            if (!shared.TryGetValue(key, out long[]? same))
                shared.Add(key, same = times);
            series.TryAdd(column.Labels, new HistorySeries(column.Labels, same, [.. column.Bits]));
        }
        return [.. series.Values.OrderBy(one => one.Labels)];
    }

    /// <summary>Null where the collector would drop the row.</summary>
    private LabelSet? LabelsOf(string key)
    {
        int brace = key.IndexOf('{', StringComparison.Ordinal);
        string name = key[..brace];
        if (_families.Find(ScrapeEndpoint.Cadvisor, Encoding.UTF8.GetBytes(name)) is null)
            return null;
        var labels = new List<Label> { new(LabelNames.MetricName, name), new("cluster", "main"), new("node", "node-1"), new("job", "kubelet"), new("tenant", "acme") };
        bool ofPod = false;
        foreach (string pair in key[(brace + 1)..].Split("\","))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            var label = new Label(pair[..equals], pair[(equals + 2)..].TrimEnd('"'));
            ofPod |= label is { Name: "pod", Value.Length: > 0 };
            if (label.Name is not ("id" or "name" or "image"))
                labels.Add(label);
        }
        return ofPod ? LabelSet.From(labels) : null;
    }

    private sealed class Column(LabelSet? labels)
    {
        public LabelSet? Labels { get; } = labels;

        public List<long> Times { get; } = [];

        public List<long> Bits { get; } = [];
    }
}
