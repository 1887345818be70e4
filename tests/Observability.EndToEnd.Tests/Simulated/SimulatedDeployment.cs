using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Aggregator;
using Observability.Collector;
using Observability.Collector.Settings;
using Observability.Model;
using Observability.Simulator;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>
/// A simulated cluster, a collector for each of its nodes and an aggregator, over real sockets and on one clock that the test moves: what is
/// scraped and stored is then a function of the seed and of the steps taken.
/// </summary>
internal sealed class SimulatedDeployment : IAsyncDisposable
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("observability-e2e-");
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _pushing = [];
    private readonly HttpClient _http = new();
    private int _steps;

    private SimulatedDeployment(ClusterSimulator simulator, FakeTimeProvider time)
    {
        Simulator = simulator;
        Time = time;
        File.WriteAllText(CaFile, simulator.CaCertificatePem);
        File.WriteAllText(AggregatorTokenFile, simulator.IssueToken("observability", "aggregator", [], lifetime: TimeSpan.FromDays(1)));
        Aggregator = CreateAggregator(port: 0);
    }

    public ClusterSimulator Simulator { get; }

    public FakeTimeProvider Time { get; }

    public AggregatorHost Aggregator { get; private set; }

    public IReadOnlyList<NodeCollector> Collectors { get; private set; } = [];

    /// <summary>A token of who may read everything.</summary>
    public string Operator => Token("observability", "operator");

    public TenantDirectory Tenants => Aggregator.Services.GetRequiredService<TenantDirectory>();

    private string CaFile => Path.Combine(_folder.FullName, "ca.pem");

    private string AggregatorTokenFile => Path.Combine(_folder.FullName, "aggregator.token");

    /// <summary>Starts all parts; returns when the aggregator knows the cluster and each collector its node's pods.</summary>
    public static async Task<SimulatedDeployment> StartAsync(SimulatorOptions options, CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider(Start);
        var deployment = new SimulatedDeployment(await ClusterSimulator.StartAsync(options, time, cancellationToken), time);
        await deployment.Aggregator.StartAsync(cancellationToken);
        await deployment.UntilPodsAreKnownAsync(cancellationToken);
        deployment.Collectors = [.. deployment.Simulator.Nodes.Select(deployment.CreateCollector)];
        foreach (NodeCollector collector in deployment.Collectors)
        {
            deployment._pushing.Add(collector.RunPushAsync(deployment._stop.Token));
            await collector.WaitForDirectoryAsync(cancellationToken);
        }
        return deployment;
    }

    /// <summary>A token for queries.</summary>
    public string Token(string ns, string serviceAccount) =>
        Simulator.IssueToken(ns, serviceAccount, ["observability"], lifetime: TimeSpan.FromDays(1));

    /// <summary>Moves the clock by one interval and scrapes every node once; the summaries at every fourth step.</summary>
    public Task StepAsync(CancellationToken cancellationToken) => StepAsync(Step, cancellationToken);

    /// <inheritdoc cref="StepAsync(CancellationToken)"/>
    public async Task StepAsync(TimeSpan by, CancellationToken cancellationToken)
    {
        // What the cluster does in this step is told before the aggregator's own timers fire at its end: a series that it makes from the
        // pods would else depend on how fast a watch is.
        Time.Advance(by - Instant);
        await UntilPodsAreKnownAsync(cancellationToken);
        Time.Advance(Instant);
        await UntilPodsAreKnownAsync(cancellationToken);
        bool summary = _steps++ % 4 == 0;
        foreach (NodeCollector collector in Collectors)
        {
            await collector.ScrapeAsync(Time.GetUtcNow(), summary, cancellationToken);
            await collector.FlushAsync(cancellationToken);
        }
    }

    public async Task StepAsync(int steps, CancellationToken cancellationToken)
    {
        for (int i = 0; i < steps; i++)
            await StepAsync(cancellationToken);
    }

    /// <summary>Waits until the aggregator knows each pod as it is, and of none that is gone.</summary>
    public Task UntilPodsAreKnownAsync(CancellationToken cancellationToken) => UntilAsync(
        directory =>
        {
            Dictionary<string, PodInfo> pods = Simulator.World.Pods.ToDictionary(pod => pod.Uid);
            return pods.Values.All(pod => directory.TryGetPod(pod.Uid, out DirectoryPod? known) && known.Pod.Phase.ToString() == pod.Phase)
                && directory.Pods.All(known => !known.Live || pods.ContainsKey(known.Uid));
        },
        cancellationToken);

    /// <summary>Waits until the aggregator's directory is as wanted.</summary>
    public async Task UntilAsync(Func<DirectorySnapshot, bool> condition, CancellationToken cancellationToken)
    {
        for (DirectorySnapshot now = Tenants.Current; !condition(now); now = Tenants.Current)
            await Tenants.WaitForChangeAsync(now.Version, cancellationToken);
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Aggregator.Endpoints.Query, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A metric's points.</summary>
    public async Task<(DateTimeOffset Time, double Value)[]> PointsAsync(string token, string path) => TruthTests.Points(await GetAsync(token, path));

    /// <summary>A metric's points, asked for again until they are as wanted: while a new pod's rows are on their way.</summary>
    public async Task<(DateTimeOffset Time, double Value)[]> PointsAsync(
        string token, string path, Predicate<(DateTimeOffset Time, double Value)[]> until, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            (DateTimeOffset Time, double Value)[] points = await PointsAsync(token, path);
            if (until(points))
                return points;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>A list of names.</summary>
    public async Task<string[]> NamesAsync(string token, string path)
    {
        (HttpStatusCode status, string body) = await GetAsync(token, path);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"{path}: {body}");
        return JsonSerializer.Deserialize<string[]>(body) ?? [];
    }

    /// <summary>The aggregator's own metrics, as its admin listener shows them.</summary>
    public Task<string> OwnMetricsAsync(CancellationToken cancellationToken) =>
        _http.GetStringAsync(new Uri(Aggregator.Endpoints.Admin, "metrics"), cancellationToken);

    /// <summary>What is stored, of every tenant and of the operator's own partitions.</summary>
    public IReadOnlyList<SelectedSeries> Stored(params IReadOnlyList<Matcher> matchers)
    {
        IEnumerable<TenantUid> partitions = Tenants.Current.Tenants.Select(tenant => tenant.Uid).Append(TenantUid.System).Append(TenantUid.Unassigned);
        var everything = new TenantScope([.. partitions.Select(uid => TenantGrant.Whole(uid, Rights.Metrics))], isOperator: true);
        IReadOnlyList<Matcher> all = matchers.Count > 0 ? matchers : [new Matcher(LabelNames.MetricName, MatchOperator.NotEqual, "")];
        return Aggregator.Services.GetRequiredService<MetricStore>().Select(everything, all, TimeRange.All, CancellationToken.None);
    }

    /// <summary>A page of a kubelet, as its collector gets it.</summary>
    public async Task<string> KubeletPageAsync(SimulatedNode node, string path, CancellationToken cancellationToken)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(Simulator.CaCertificatePem);
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } };
        using var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Simulator.AdministratorToken);
        return await http.GetStringAsync(new Uri(node.Kubelet, path), cancellationToken);
    }

    /// <summary>The file with the token that a node's collector shows to its kubelet.</summary>
    public string KubeletTokenFile(string node) => Path.Combine(_folder.FullName, $"{node}.kubelet");

    /// <summary>Ends the aggregator at once and starts another at the same ingest address, which knows nothing of the first.</summary>
    public async Task RestartAggregatorAsync(Func<Task> meanwhile, CancellationToken cancellationToken)
    {
        int port = Aggregator.Endpoints.Ingest.Port;
        await Aggregator.StopAsync(new CancellationToken(canceled: true));
        await Aggregator.DisposeAsync();
        await meanwhile();
        Aggregator = CreateAggregator(port);
        await Aggregator.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_pushing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (NodeCollector collector in Collectors)
            collector.Dispose();
        await Aggregator.DisposeAsync();
        await Simulator.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    private AggregatorHost CreateAggregator(int port) => AggregatorHost.Create(
        new AggregatorOptions
        {
            Kubernetes = new KubernetesOptions { ApiServer = Simulator.ApiServer.ToString(), CaFile = CaFile, TokenFile = AggregatorTokenFile },
            Listen = new ListenOptions { Query = "127.0.0.1:0", Grpc = "127.0.0.1:0", Admin = "127.0.0.1:0", Ingest = $"127.0.0.1:{port}" },
            Telemetry = new TelemetryOptions { LogLevel = LogLevel.None },
        },
        services => services.AddSingleton<TimeProvider>(Time));

    private NodeCollector CreateCollector(SimulatedNode node)
    {
        var target = new NodeTarget(node.Name, node.Kubelet);
        var options = new CollectorOptions
        {
            Nodes = { target },
            KubeletCaFile = CaFile,
            KubeletTokenFile = Write($"{node.Name}.kubelet", Simulator.IssueToken("observability", "collector", [ClusterSimulator.ApiAudience], node.Name, TimeSpan.FromDays(1))),
            IngestTokenFile = Write($"{node.Name}.ingest", Simulator.IssueToken("observability", "collector", ["observability-ingest"], node.Name, TimeSpan.FromDays(1))),
            Aggregator = Aggregator.Endpoints.Ingest,
            Listen = "",
        };
        return new NodeCollector(target, options, Time, NullLoggerFactory.Instance);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
