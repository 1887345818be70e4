using Observability.Aggregator;
using Observability.Collector.Settings;
using Observability.Simulator;

namespace Observability.Demo;

/// <summary>The simulated cluster with the tenants acme, globex and initech.</summary>
internal sealed class SimulatedCluster : IDemoCluster
{
    private const string QueryAudience = "observability";
    private const string IngestAudience = "observability-ingest";
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(7); // longer than any look at the demo

    private readonly ClusterSimulator _simulator;
    private readonly PrivateFolder _files = new();

    private SimulatedCluster(ClusterSimulator simulator, DemoOptions options)
    {
        _simulator = simulator;
        Description = $"simulated cluster: {options.Nodes} nodes, {options.PodsPerNode} pods each, API server {simulator.ApiServer}";
        string ca = _files.Write("ca.pem", simulator.CaCertificatePem);
        ApiServer = new KubernetesOptions
        {
            ApiServer = simulator.ApiServer.ToString(),
            CaFile = ca,
            TokenFile = _files.Write("aggregator.token", simulator.IssueToken("observability", "aggregator", [], lifetime: TokenLifetime)),
        };
        Collectors = [.. simulator.Nodes.Select(node => Collector(node, ca))];
        Tokens = new Dictionary<string, string>
        {
            ["acme"] = Token("acme-web", "viewer"),
            ["globex"] = Token("globex-prod", "viewer"),
            ["initech"] = Token("initech-dev", "viewer"),
            ["acme-web"] = Token("acme-web", "web-only"),
            ["operator"] = Token("observability", "operator"),
        };
    }

    public string Description { get; }

    public KubernetesOptions ApiServer { get; }

    public IReadOnlyList<CollectorOptions> Collectors { get; }

    public IReadOnlyList<string> Tenants { get; } = ["acme", "globex", "initech"];

    public IReadOnlyDictionary<string, string> Tokens { get; }

    public bool HasExamples => true;

    public static async Task<SimulatedCluster> StartAsync(DemoOptions options, CancellationToken cancellationToken) => new(
        await ClusterSimulator.StartAsync(
            Scenarios.ThreeTenants(nodes: options.Nodes, podsPerNode: options.PodsPerNode), TimeProvider.System, cancellationToken),
        options);

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _files.Dispose();
    }

    private CollectorOptions Collector(SimulatedNode node, string ca) => new()
    {
        Nodes = { new NodeTarget(node.Name, node.Kubelet) },
        KubeletCaFile = ca,
        KubeletTokenFile = _files.Write($"{node.Name}.kubelet.token",
            _simulator.IssueToken("observability", "collector", [ClusterSimulator.ApiAudience], node.Name, TokenLifetime)),
        IngestTokenFile = _files.Write($"{node.Name}.ingest.token",
            _simulator.IssueToken("observability", "collector", [IngestAudience], node.Name, TokenLifetime)),
    };

    private string Token(string ns, string account) => _simulator.IssueToken(ns, account, [QueryAudience], lifetime: TokenLifetime);
}
