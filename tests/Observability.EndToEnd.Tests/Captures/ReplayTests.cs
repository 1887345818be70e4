using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Access;
using Observability.Aggregator;
using Observability.Collector;
using Observability.Collector.Settings;
using Observability.EndToEnd.Tests.Simulated;
using Observability.Kubernetes;
using Observability.Tenancy;

namespace Observability.EndToEnd.Tests.Captures;

/// <summary>
/// The recordings of a real cluster, through the real collector and aggregator, against what the kernel's own counters said around each
/// scrape. A sample lies between two readings of the kernel's, some 1 to 15 s apart. CPU only rises, so it must lie between theirs. Memory
/// moves freely between two readings, so it may lie outside by what a pod takes and gives back in that time.
/// </summary>
[CancelAfter(300_000)]
internal sealed class ReplayTests
{
    private const double CpuErrorSeconds = 1e-6;        // rounding alone: the counter is exact
    private const double MemoryErrorBytes = 4 << 20;    // the most that any pod here moved between two readings
    private const double UsualMemoryErrorBytes = 512 << 10;
    private const double UsualShare = 0.95;

    [Test]
    public async Task The_model_agrees_with_the_kernel_for_every_pod(CancellationToken cancellationToken)
    {
        KernelTruth truth = KernelTruth.Read();
        IReadOnlyList<CapturedRound> rounds = CapturedRound.ReadAll();
        await using ReplayedCluster cluster = await ReplayedCluster.StartAsync(rounds, cancellationToken);

        await cluster.ReplayAsync(cancellationToken);

        int cpu = 0;
        var memoryErrors = new List<double>();
        foreach (IGrouping<(string Namespace, string Name), string> pod in cluster.Pods)
        {
            string[] cgroups = [.. pod.Where(truth.PodCgroups.ContainsKey).Select(uid => truth.PodCgroups[uid])];
            foreach ((DateTimeOffset time, double nanoseconds) in await cluster.PointsAsync(pod.Key, "cpu/usage"))
            {
                if (Around(truth, cgroups, time) is not var (before, after))
                    continue;
                Assert.That(nanoseconds / 1e9, Is.InRange(before.CpuSeconds - CpuErrorSeconds, after.CpuSeconds + CpuErrorSeconds), $"CPU of {pod.Key} at {time:O}");
                cpu++;
            }
            foreach ((DateTimeOffset time, double bytes) in await cluster.PointsAsync(pod.Key, "memory/usage"))
            {
                if (Around(truth, cgroups, time) is var (before, after))
                    memoryErrors.Add(Outside(bytes, before.MemoryBytes, after.MemoryBytes));
            }
            foreach ((DateTimeOffset time, double bytes) in await cluster.PointsAsync(pod.Key, "memory/working_set"))
            {
                if (Around(truth, cgroups, time) is var (before, after))
                    memoryErrors.Add(Outside(bytes, before.WorkingSetBytes, after.WorkingSetBytes));
            }
        }

        Assert.That(cpu, Is.GreaterThan(600));
        Assert.That(memoryErrors, Has.Count.GreaterThan(1200));
        Assert.That(memoryErrors, Has.All.LessThanOrEqualTo(MemoryErrorBytes));
        Assert.That(memoryErrors.Count(error => error <= UsualMemoryErrorBytes), Is.GreaterThan(UsualShare * memoryErrors.Count));
        TestContext.Out.WriteLine($"{cpu} CPU samples and {memoryErrors.Count} memory samples of {cluster.Pods.Count} pods agree.");
    }

    private static (KernelTruth.Reading Before, KernelTruth.Reading After)? Around(KernelTruth truth, string[] cgroups, DateTimeOffset time)
    {
        // A name that was used twice has two cgroups, one after the other.
        foreach (string cgroup in cgroups)
        {
            if (truth.Around(cgroup, (time - DateTimeOffset.UnixEpoch).TotalSeconds) is { } readings)
                return readings;
        }
        return null;
    }

    private static double Outside(double value, double one, double other) =>
        Math.Max(0, Math.Max(Math.Min(one, other) - value, value - Math.Max(one, other)));

    /// <summary>The captured node in front of a real aggregator whose API server is played.</summary>
    private sealed class ReplayedCluster : IAsyncDisposable, ITokenReviewer, IAccessReviewer, IClusterSync
    {
        private const string Node = "lab-node";
        private const ulong Later = 1_000_000_000; // than any resource version of the recording

        private readonly IReadOnlyList<CapturedRound> _rounds;
        private readonly FakeTimeProvider _time;
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("observability-replay-");
        private readonly HttpClient _http = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly AggregatorHost _aggregator;
        private readonly Dictionary<string, PodObject> _pods = new(StringComparer.Ordinal);
        private ReplayedKubelet? _kubelet;
        private NodeCollector? _collector;
        private Task _pushing = Task.CompletedTask;

        private ReplayedCluster(IReadOnlyList<CapturedRound> rounds)
        {
            _rounds = rounds;
            _time = new FakeTimeProvider(rounds[0].ScrapedAt);
            _aggregator = AggregatorHost.Create(
                new AggregatorOptions
                {
                    Listen = new ListenOptions { Query = "127.0.0.1:0", Grpc = "127.0.0.1:0", Admin = "127.0.0.1:0", Ingest = "127.0.0.1:0" },
                    Telemetry = new TelemetryOptions { LogLevel = LogLevel.None },
                },
                services => services.AddSingleton<TimeProvider>(_time)
                    .AddSingleton<ITokenReviewer>(this).AddSingleton<IAccessReviewer>(this).AddSingleton<IClusterSync>(this));
        }

        /// <summary>All pods that were ever there: UIDs as they stand in cgroup paths, by namespace and name.</summary>
        public IReadOnlyList<IGrouping<(string Namespace, string Name), string>> Pods =>
            [.. _pods.Values.GroupBy(pod => (pod.Namespace, pod.Name), pod => pod.CgroupUid)];

        bool IClusterSync.IsSynced => true;

        TimeSpan IClusterSync.Lag => TimeSpan.Zero;

        IReadOnlyList<WatchStatus> IClusterSync.Watches => [];

        public static async Task<ReplayedCluster> StartAsync(IReadOnlyList<CapturedRound> rounds, CancellationToken cancellationToken)
        {
            var cluster = new ReplayedCluster(rounds);
            await cluster._aggregator.StartAsync(cancellationToken);
            cluster._kubelet = await ReplayedKubelet.StartAsync(cancellationToken);
            return cluster;
        }

        /// <summary>Each round in turn: the directory as the kubelet's pods were, then one scrape, then its acknowledgement.</summary>
        public async Task ReplayAsync(CancellationToken cancellationToken)
        {
            ReplayedKubelet kubelet = _kubelet ?? throw new InvalidOperationException("Not started.");
            IClusterView view = _aggregator.Services.GetRequiredService<IClusterView>();
            kubelet.Round = _rounds[0];
            Tell(view, _rounds[0]);
            NodeCollector collector = _collector = CreateCollector(kubelet.Address);
            _pushing = collector.RunPushAsync(_stop.Token);
            await collector.WaitForDirectoryAsync(cancellationToken);
            foreach (CapturedRound round in _rounds)
            {
                _time.SetUtcNow(round.ScrapedAt);
                kubelet.Round = round;
                Tell(view, round);
                ScrapeOutcome(await collector.ScrapeAsync(round.ScrapedAt, summary: round.Number % 4 == 0, cancellationToken), round);
                await collector.FlushAsync(cancellationToken);
            }
        }

        public async Task<(DateTimeOffset Time, double Value)[]> PointsAsync((string Namespace, string Name) pod, string metric)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(_aggregator.Endpoints.Query, $"api/v1/model/namespaces/{pod.Namespace}/pods/{pod.Name}/metrics/{metric}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "operator");
            using HttpResponseMessage response = await _http.SendAsync(request);
            // A pod that had ended before the first round has nothing.
            return response.StatusCode == HttpStatusCode.NotFound ? [] : TruthTests.Points((response.StatusCode, await response.Content.ReadAsStringAsync()));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _pushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _collector?.Dispose();
            await _aggregator.DisposeAsync();
            if (_kubelet is not null)
                await _kubelet.DisposeAsync();
            _http.Dispose();
            _stop.Dispose();
            _folder.Delete(recursive: true);
        }

        Task<TokenReviewResult> ITokenReviewer.ReviewAsync(string token, string audience, CancellationToken cancellationToken) =>
            Task.FromResult(new TokenReviewResult
            {
                Authenticated = true,
                Audiences = [audience],
                Identity = new CallerIdentity
                {
                    Username = token,
                    Extra = new Dictionary<string, ImmutableArray<string>> { ["authentication.kubernetes.io/node-name"] = [Node] },
                },
            });

        Task<AccessReviewResult> IAccessReviewer.ReviewAsync(CallerIdentity caller, AccessAttributes attributes, CancellationToken cancellationToken) =>
            Task.FromResult(new AccessReviewResult(
                caller.Username switch { "operator" => attributes.Resource == "tenants", "collector" => attributes.Resource == "samples", _ => false }, "replay"));

        private static void ScrapeOutcome(Collector.Scraping.ScrapeOutcome outcome, CapturedRound round) =>
            Assert.That(outcome.Succeeded, Is.True, $"round {round.Number}");

        private NodeCollector CreateCollector(Uri kubelet)
        {
            string token = Path.Combine(_folder.FullName, "token");
            File.WriteAllText(token, "collector");
            var target = new NodeTarget(Node, kubelet);
            var options = new CollectorOptions
            {
                Nodes = { target }, KubeletInsecureTls = true, KubeletTokenFile = token, IngestTokenFile = token,
                Aggregator = _aggregator.Endpoints.Ingest, Listen = "",
            };
            return new NodeCollector(target, options, _time, NullLoggerFactory.Instance);
        }

        private void Tell(IClusterView view, CapturedRound round)
        {
            PodObject[] pods = [.. round.Pods.GetProperty("items").EnumerateArray().Select(Pod)];
            foreach (PodObject pod in pods)
                _pods[pod.Uid] = pod;
            view.ReplacePods(pods, Later);
            view.ReplaceNamespaces([.. Namespaces()], Later);
            view.ReplaceNodes([new NodeObject { Name = Node, Uid = "lab-node-uid" }], Later);
        }

        private static PodObject Pod(JsonElement pod)
        {
            JsonElement metadata = pod.GetProperty("metadata");
            JsonElement spec = pod.GetProperty("spec");
            string uid = metadata.GetProperty("uid").GetString()!;
            return new PodObject
            {
                Uid = uid,
                CgroupUid = uid,
                Namespace = metadata.GetProperty("namespace").GetString()!,
                Name = metadata.GetProperty("name").GetString()!,
                Node = Node,
                HostNetwork = spec.TryGetProperty("hostNetwork", out JsonElement host) && host.GetBoolean(),
                CreatedMs = metadata.TryGetProperty("creationTimestamp", out JsonElement created) && created.ValueKind == JsonValueKind.String
                    ? created.GetDateTimeOffset().ToUnixTimeMilliseconds()
                    : pod.GetProperty("status").GetProperty("startTime").GetDateTimeOffset().ToUnixTimeMilliseconds(), // static pods have no creation time
                Phase = Enum.TryParse(pod.GetProperty("status").GetProperty("phase").GetString(), out PodPhase phase) ? phase : default,
            };
        }

        private static IEnumerable<NamespaceObject> Namespaces()
        {
            using JsonDocument start = JsonDocument.Parse(CaptureFolder.Unzip("kubectl-start.json.gz"));
            foreach (JsonElement item in start.RootElement.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("kind").GetString() == "Namespace"))
            {
                JsonElement metadata = item.GetProperty("metadata");
                yield return new NamespaceObject
                {
                    Name = metadata.GetProperty("name").GetString()!,
                    Uid = metadata.GetProperty("uid").GetString()!,
                    CreatedMs = metadata.GetProperty("creationTimestamp").GetDateTimeOffset().ToUnixTimeMilliseconds(),
                    Labels = metadata.GetProperty("labels").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
                    ResourceVersion = Later,
                };
            }
        }
    }
}
