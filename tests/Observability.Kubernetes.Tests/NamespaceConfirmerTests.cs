using Microsoft.AspNetCore.Http;
using Observability.Kubernetes.Tests.Cluster;
using Observability.Tenancy;

namespace Observability.Kubernetes.Tests;

public class NamespaceConfirmerTests
{
    [Test]
    public async Task A_namespace_is_confirmed_as_it_is_now()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        using ClusterConnection connection = ClusterConnection.Open(cluster.Options(), TimeProvider.System);
        var confirmer = new NamespaceConfirmer(connection, TimeProvider.System);
        string uid = cluster.World.CreateNamespace("fresh", new Dictionary<string, string> { ["tenant"] = "acme" });

        NamespaceObject? found = await confirmer.ConfirmAsync("fresh", CancellationToken.None);

        Assert.That(found!.Uid, Is.EqualTo(uid));
        Assert.That(found.Labels["tenant"], Is.EqualTo("acme"));
        Assert.That(found.ResourceVersion, Is.GreaterThan(0));
        Assert.That(await confirmer.ConfirmAsync("no-such-namespace", CancellationToken.None), Is.Null);
    }

    [TestCase(500)]
    [TestCase(403)]
    public async Task An_API_server_that_fails_confirms_nothing(int status)
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        using ClusterConnection connection = ClusterConnection.Open(cluster.Options(), TimeProvider.System);
        cluster.Simulator.ApiFaults.FailWithStatus = status;

        await Assert.ThrowsAsync<ClusterUnavailableException>(() =>
            new NamespaceConfirmer(connection, TimeProvider.System).ConfirmAsync("acme-web", CancellationToken.None));
    }

    [TestCase("{}")]
    [TestCase("nonsense")]
    [TestCase("""{"metadata":{"name":"other","uid":"u","resourceVersion":"7"}}""")]
    [TestCase("""{"metadata":{"name":"acme-web","resourceVersion":"7"}}""")]
    [TestCase("""{"metadata":{"name":"acme-web","uid":"u"}}""")]
    public async Task An_answer_that_is_not_that_namespace_confirms_nothing(string body)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(context => context.Response.WriteAsync(body));
        using ClusterConnection connection = ClusterConnection.Open(api.Options(), TimeProvider.System);

        await Assert.ThrowsAsync<ClusterUnavailableException>(() =>
            new NamespaceConfirmer(connection, TimeProvider.System).ConfirmAsync("acme-web", CancellationToken.None));
        Assert.That(api.Requests.Single(), Is.EqualTo("/api/v1/namespaces/acme-web"), "no resource version: a quorum read");
    }
}
