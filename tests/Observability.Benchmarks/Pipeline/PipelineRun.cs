using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Observability.Simulator;

namespace Observability.Benchmarks.Pipeline;

/// <summary>
/// What it costs to bring a sample from a kubelet's page into the store, over real sockets: one collector process that scrapes all nodes by
/// HTTPS, one aggregator process, both measured by the kernel; the pages come from this process, which is not counted.
/// </summary>
internal static partial class PipelineRun
{
    private static readonly TimeSpan BetweenPages = TimeSpan.FromSeconds(60);

    public const string Usage = """
        pipeline --aggregator Observability.Aggregator.dll --collector BINARY [--nodes 11] [--pods 110] [--interval 2s]
                 [--warm-up SECONDS] [--seconds SECONDS] [--store DIR] [--all-families] [--gzip]
          CPU seconds of collector and aggregator per million samples, and resident memory, over real sockets.
          --all-families keeps the rows of every family on the page, as a Prometheus without relabelling would.
          --gzip has the pages compressed, as a kubelet does when asked.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (!TryRead(args, out Dictionary<string, string> settings))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        int nodes = Number(settings, "nodes", 11), pods = Number(settings, "pods", 110);
        int warmUp = Number(settings, "warm-up", 30), seconds = Number(settings, "seconds", 120);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("observability-pipeline-");
        try
        {
            var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - (2 * BetweenPages));
            await using ClusterSimulator cluster = await ClusterSimulator.StartAsync(
                Scenarios.ThreeTenants(seed: 1, nodes, pods), clock, CancellationToken.None);
            List<PageTemplate> templates = await TemplatesAsync(cluster, clock);
            await using PageServer pages = await PageServer.StartAsync(templates, TimeProvider.System);
            string Write(string name, string text)
            {
                string file = Path.Combine(folder.FullName, name);
                File.WriteAllText(file, text);
                return file;
            }

            List<string> aggregatorSettings =
            [
                $"--Kubernetes:ApiServer={cluster.ApiServer}", $"--Kubernetes:CaFile={Write("ca.pem", cluster.CaCertificatePem)}",
                $"--Kubernetes:TokenFile={Write("aggregator", cluster.IssueToken("observability", "aggregator", []))}",
                "--Listen:Query=127.0.0.1:0", "--Listen:Grpc=127.0.0.1:0", "--Listen:Admin=127.0.0.1:0", "--Listen:Ingest=127.0.0.1:0",
                "--Store:MaxSeriesPerTenant=2000000",
            ];
            if (settings.TryGetValue("store", out string? store))
                aggregatorSettings.Add($"--Store:Path={store}");
            using var aggregator = new MeasuredProcess(settings["aggregator"], aggregatorSettings);
            Match listening = await aggregator.PrintedAsync(Listening());
            using var collector = new MeasuredProcess(settings["collector"],
            [
                .. cluster.Nodes.Zip(pages.Addresses).SelectMany(node => new[] { "--node", $"{node.First.Name}={node.Second}" }),
                "--aggregator", listening.Groups["ingest"].Value, "--kubelet-ca-file", Write("pages.pem", pages.CaPem),
                "--kubelet-token-file", Write("kubelet", cluster.IssueToken("observability", "collector-multi", [ClusterSimulator.ApiAudience])),
                "--ingest-token-file", Write("ingest", cluster.IssueToken("observability", "collector-multi", ["observability-ingest"])),
                "--scrape-interval", settings.GetValueOrDefault("interval", "2s"), "--scrape-timeout", "900ms", "--summary-interval", "0s",
                $"--kubelet-gzip={settings.ContainsKey("gzip")}", "--listen", "none",
                .. settings.ContainsKey("all-families") ? Families(await PageAsync(cluster, 0)) : [],
            ]);
            await MeasureAsync(aggregator, collector, pages, new Uri(listening.Groups["admin"].Value), templates, warmUp, seconds);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(
        MeasuredProcess aggregator, MeasuredProcess collector, PageServer pages, Uri admin, List<PageTemplate> templates, int warmUp, int seconds)
    {
        using var http = new HttpClient { BaseAddress = admin };
        await Task.Delay(TimeSpan.FromSeconds(warmUp));
        (double Collector, double Aggregator, double Stored, long Pages, long Bytes) from = await ReadAsync();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        (double Collector, double Aggregator, double Stored, long Pages, long Bytes) to = await ReadAsync();

        double stored = to.Stored - from.Stored, collected = to.Collector - from.Collector, aggregated = to.Aggregator - from.Aggregator;
        double rows = (double)(to.Pages - from.Pages) * templates.Sum(template => template.SampleRows) / templates.Count;
        string metrics = await http.GetStringAsync("metrics");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            pages of {templates[0].SampleRows:N0} rows, {(to.Bytes - from.Bytes) / Math.Max(1.0, to.Pages - from.Pages) / 1e6:F1} MB; {templates.Count} nodes; {seconds} s
            rows scraped {rows:N0}, samples stored {stored:N0}, series {Value(metrics, Series()):N0}
            collector  {collected:F2} CPU-s = {collected / rows * 1e6:F3} per million rows, {collected / stored * 1e6:F3} per million samples stored
            aggregator {aggregated:F2} CPU-s = {aggregated / rows * 1e6:F3} per million rows, {aggregated / stored * 1e6:F3} per million samples stored
            together   {(collected + aggregated) / rows * 1e6:F3} CPU-s per million rows, {(collected + aggregated) / stored * 1e6:F3} per million samples stored
            resident   collector {collector.ResidentBytes / 1e6:F1} MB, aggregator {aggregator.ResidentBytes / 1e6:F1} MB
            """));

        async Task<(double, double, double, long, long)> ReadAsync()
        {
            double accepted = Value(await http.GetStringAsync("metrics"), Accepted());
            (long served, long bytes) = pages.Served;
            return (collector.CpuSeconds, aggregator.CpuSeconds, accepted, served, bytes);
        }
    }

    private static async Task<List<PageTemplate>> TemplatesAsync(ClusterSimulator cluster, FakeTimeProvider clock)
    {
        clock.Advance(BetweenPages);
        List<string> before = [];
        for (int node = 0; node < cluster.Nodes.Count; node++)
            before.Add(await PageAsync(cluster, node));
        clock.Advance(BetweenPages);
        List<PageTemplate> templates = [];
        for (int node = 0; node < cluster.Nodes.Count; node++)
            templates.Add(PageTemplate.Make(before[node], await PageAsync(cluster, node), BetweenPages, clock.GetUtcNow()));
        return templates;
    }

    private static async Task<string> PageAsync(ClusterSimulator cluster, int node)
    {
        using var handler = new SocketsHttpHandler();
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(cluster.CaCertificatePem);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { authority },
        };
        using var http = new HttpClient(handler) { BaseAddress = cluster.Nodes[node].Kubelet };
        http.DefaultRequestHeaders.Authorization = new("Bearer", cluster.AdministratorToken);
        return await http.GetStringAsync("metrics/cadvisor");
    }

    private static IEnumerable<string> Families(string page)
    {
        foreach (Match family in TypeLine().Matches(page))
        {
            yield return "--families-add";
            yield return $"{family.Groups["name"].Value}:{family.Groups["type"].Value}";
        }
    }

    private static double Value(string metrics, Regex sample) =>
        sample.Matches(metrics).Sum(match => double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));

    private static int Number(Dictionary<string, string> settings, string name, int missing) =>
        settings.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : missing;

    private static bool TryRead(string[] args, out Dictionary<string, string> settings)
    {
        settings = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--all-families" or "--gzip")
                settings[args[i][2..]] = "";
            else if (args[i] is ['-', '-', .. string name] && i + 1 < args.Length &&
                name is "aggregator" or "collector" or "nodes" or "pods" or "interval" or "warm-up" or "seconds" or "store")
                settings[name] = args[++i];
            else
                return false;
        }
        return settings.ContainsKey("aggregator") && settings.ContainsKey("collector");
    }

    [GeneratedRegex(@"Listening: query \S+, gRPC \S+, admin (?<admin>[^\s,]+), ingest (?<ingest>\S+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"^observability_storage_store_samples\w*\{[^}]*outcome=""accepted""[^}]*\} (?<value>\S+)", RegexOptions.Multiline)]
    private static partial Regex Accepted();

    [GeneratedRegex(@"^observability_storage_store_series(\{[^}]*\})? (?<value>\S+)", RegexOptions.Multiline)]
    private static partial Regex Series();

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<type>counter|gauge)", RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
