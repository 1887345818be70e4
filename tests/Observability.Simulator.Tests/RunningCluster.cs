using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using k8s;
using Microsoft.Extensions.Time.Testing;
using Observability.Simulator.Workloads;

namespace Observability.Simulator.Tests;

/// <summary>A simulated cluster on fake time, with HTTPS clients that trust its CA and nothing else.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
    private readonly List<IDisposable> owned = [];

    private RunningCluster()
    {
    }

    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; } = new(Start);

    public ClusterSimulator Simulator { get; private set; } = null!;

    public World World => Simulator.World;

    public CancellationToken Deadline => deadline.Token;

    public static async Task<RunningCluster> StartAsync(SimulatorOptions? options = null)
    {
        RunningCluster cluster = new();
        cluster.Simulator = await ClusterSimulator.StartAsync(options ?? Scenarios.ThreeTenants(), cluster.Time, cluster.Deadline);
        return cluster;
    }

    /// <summary>One node without anything on it but the namespace <c>acme-web</c>.</summary>
    public static Task<RunningCluster> StartEmptyAsync() => StartAsync(new SimulatorOptions
    {
        Nodes = 1,
        Namespaces = [new NamespaceSpec { Name = "acme-web" }],
    });

    public HttpClient Client(Uri address, string? token)
    {
        HttpClientHandler handler = new();
        X509Certificate2 authority = X509Certificate2.CreateFromPem(Simulator.CaCertificatePem);
        handler.ServerCertificateCustomValidationCallback = (_, certificate, chain, _) =>
        {
            chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return certificate is not null && chain.Build(certificate);
        };
        HttpClient client = new(handler) { BaseAddress = address };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        owned.Add(client);
        owned.Add(authority);
        return client;
    }

    public HttpClient Kubelet(int node = 0) => Client(Simulator.Nodes[node].Kubelet, Simulator.AdministratorToken);

    public Kubernetes Kubernetes(string? token = null)
    {
        Kubernetes client = new(new KubernetesClientConfiguration
        {
            Host = Simulator.ApiServer.ToString(),
            AccessToken = token ?? Simulator.AdministratorToken,
            SslCaCerts = [X509Certificate2.CreateFromPem(Simulator.CaCertificatePem)],
        });
        owned.Add(client);
        return client;
    }

    public async Task<Page> CadvisorAsync(int node = 0) => Page.Parse(await Kubelet(node).GetStringAsync("metrics/cadvisor", Deadline));

    public async Task<Page> ResourceAsync(int node = 0) => Page.Parse(await Kubelet(node).GetStringAsync("metrics/resource", Deadline));

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable disposable in owned)
            disposable.Dispose();
        await Simulator.DisposeAsync();
        deadline.Dispose();
    }
}
