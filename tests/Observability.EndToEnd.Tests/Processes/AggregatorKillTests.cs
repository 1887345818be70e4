using System.Diagnostics;
using System.Text.RegularExpressions;
using Observability.EndToEnd.Tests.Demo;
using Observability.Simulator;

namespace Observability.EndToEnd.Tests.Processes;

/// <summary>The aggregator's process is killed and started again; one collector process serves all nodes meanwhile.</summary>
[CancelAfter(240_000)]
internal sealed partial class AggregatorKillTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    [Test]
    public async Task A_killed_aggregator_has_what_it_acknowledged_and_collectors_come_back_with_the_rest(CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("observability-kill-");
        await using ClusterSimulator simulator = await ClusterSimulator.StartAsync(Scenarios.ThreeTenants(), TimeProvider.System, cancellationToken);
        string ca = Write("ca.pem", simulator.CaCertificatePem);
        string[] cluster =
        [
            $"--Kubernetes:ApiServer={simulator.ApiServer}", $"--Kubernetes:CaFile={ca}",
            $"--Kubernetes:TokenFile={Write("aggregator", simulator.IssueToken("observability", "aggregator", []))}",
            "--Listen:Query=127.0.0.1:0", "--Listen:Grpc=127.0.0.1:0", "--Listen:Admin=127.0.0.1:0",
            $"--Store:Path={Path.Combine(folder.FullName, "store")}", "--Store:Reserve=0", $"--Tenancy:DatabaseFile={Path.Combine(folder.FullName, "tenancy.db")}",
        ];
        string token = simulator.IssueToken("acme-web", "viewer", ["observability"]);
        string pod = simulator.World.Pods.First(pod => pod.Namespace == "acme-web" && pod.Phase == "Running").Name;
        string path = $"api/v1/model/namespaces/acme-web/pods/{pod}/metrics/cpu/usage";

        await using var first = new ProductProcess("Observability.Aggregator", [.. cluster, "--Listen:Ingest=127.0.0.1:0"]);
        (Uri query, Uri ingest) = await ListeningAsync(first, cancellationToken);
        await using var collector = new ProductProcess("Observability.Collector",
        [
            .. simulator.Nodes.SelectMany(node => new[] { "--node", $"{node.Name}={node.Kubelet}" }),
            "--aggregator", ingest.ToString(), "--kubelet-ca-file", ca,
            "--kubelet-token-file", Write("kubelet", simulator.IssueToken("observability", "collector-multi", [ClusterSimulator.ApiAudience])),
            "--ingest-token-file", Write("ingest", simulator.IssueToken("observability", "collector-multi", ["observability-ingest"])),
            "--scrape-interval", $"{Interval.TotalSeconds}s", "--scrape-timeout", "1900ms", "--listen", "none",
        ]);
        IReadOnlyList<(DateTimeOffset Time, double Value)> answered;
        using (var before = new ModelClient(query, token))
            answered = await UntilAsync(before, path, points => points.Count > 0, cancellationToken);

        await first.KillAsync();
        DateTimeOffset killed = TimeProvider.System.GetUtcNow();
        // Long enough that each cgroup is sampled while nobody takes it: the kubelet does so every 10 to 20 s.
        await collector.WaitForAsync(Disconnected(), cancellationToken);
        await simulator.ScrapedAsync(times: (int)(TimeSpan.FromSeconds(24) / Interval), cancellationToken);
        DateTimeOffset restarted = TimeProvider.System.GetUtcNow();
        await using var second = new ProductProcess("Observability.Aggregator", [.. cluster, $"--Listen:Ingest={ingest.Authority}"]);
        (query, _) = await ListeningAsync(second, cancellationToken);
        long listening = Stopwatch.GetTimestamp();
        await collector.WaitForAsync(EachNodeTwice(), cancellationToken);
        TestContext.Out.WriteLine($"All streams again {Stopwatch.GetElapsedTime(listening).TotalSeconds:F1} s after the new process listened.");
        using var after = new ModelClient(query, token);
        IReadOnlyList<(DateTimeOffset Time, double Value)> points = await UntilAsync(after, path, points => points.Count > 0, cancellationToken);

        Assert.That(points.Select(point => point.Time), Has.Some.InRange(killed, restarted));
        Assert.That(answered, Is.SubsetOf(points), "what was answered before the kill is answered after it");
        folder.Delete(recursive: true);

        string Write(string name, string text)
        {
            string file = Path.Combine(folder.FullName, name);
            File.WriteAllText(file, text);
            return file;
        }
    }

    private static async Task<(Uri Query, Uri Ingest)> ListeningAsync(ProductProcess aggregator, CancellationToken cancellationToken)
    {
        Match match = await aggregator.WaitForAsync(Listening(), cancellationToken);
        return (new Uri(match.Groups["query"].Value), new Uri(match.Groups["ingest"].Value));
    }

    /// <summary>Asks until the points are as wanted; a 404 or 503 says that the aggregator does not know the pod yet.</summary>
    private static async Task<IReadOnlyList<(DateTimeOffset Time, double Value)>> UntilAsync(
        ModelClient client, string path, Func<IReadOnlyList<(DateTimeOffset Time, double Value)>, bool> condition, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            if ((await client.GetAsync(path)).Status == System.Net.HttpStatusCode.OK && await client.PointsAsync(path) is var points && condition(points))
                return points;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    [GeneratedRegex(@"Listening: query (?<query>\S+), gRPC \S+, admin \S+, ingest (?<ingest>\S+)")]
    private static partial Regex Listening();

    [GeneratedRegex("(pushing to .*){6}", RegexOptions.Singleline)]
    private static partial Regex EachNodeTwice();

    [GeneratedRegex("no stream to ")]
    private static partial Regex Disconnected();
}
