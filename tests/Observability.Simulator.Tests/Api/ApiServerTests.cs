using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace Observability.Simulator.Tests.Api;

public sealed class ApiServerTests
{
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private ClusterSimulator cluster = null!;

    [SetUp]
    public async Task StartAsync() => cluster = await ClusterSimulator.StartAsync(Scenarios.ThreeTenants(), time, deadline.Token);

    [TearDown]
    public async Task StopAsync()
    {
        await cluster.DisposeAsync();
        deadline.Dispose();
    }

    [Test]
    public async Task The_official_client_lists_the_tenants_namespaces()
    {
        using Kubernetes client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(
            cluster.WriteKubeconfig(Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.yaml"), cluster.AdministratorToken)));

        V1NamespaceList namespaces = await client.CoreV1.ListNamespaceAsync(labelSelector: "tenant", cancellationToken: deadline.Token);

        Assert.That(namespaces.Items.Select(ns => ns.Name()), Is.EqualTo(new[] { "acme-batch", "acme-web", "globex-prod", "initech-dev" }));
    }
}
