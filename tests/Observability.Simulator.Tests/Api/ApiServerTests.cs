using k8s;
using k8s.Models;

namespace Observability.Simulator.Tests.Api;

public sealed class ApiServerTests
{
    [Test]
    public async Task The_official_client_lists_the_tenants_namespaces()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();

        V1NamespaceList namespaces = await cluster.Kubernetes().CoreV1.ListNamespaceAsync(labelSelector: "tenant", cancellationToken: cluster.Deadline);

        Assert.That(namespaces.Items.Select(ns => ns.Name()), Is.EqualTo(new[] { "acme-batch", "acme-web", "globex-prod", "initech-dev" }));
    }
}
