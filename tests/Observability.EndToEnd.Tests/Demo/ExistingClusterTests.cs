using Observability.Simulator;

namespace Observability.EndToEnd.Tests.Demo;

/// <summary>The demo with <c>--kubeconfig</c>: one collector for a list of nodes, tokens asked of the API server.</summary>
internal sealed class ExistingClusterTests
{
    [Test]
    public async Task A_cluster_behind_a_kubeconfig_is_served_like_the_simulated_one()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("observability-kubeconfig-");
        await using ClusterSimulator simulator = await ClusterSimulator.StartAsync(Scenarios.ThreeTenants(nodes: 2), TimeProvider.System, CancellationToken.None);
        string kubeconfig = simulator.WriteKubeconfig(Path.Combine(folder.FullName, "kubeconfig"), simulator.AdministratorToken);

        await using DemoProcess demo = await DemoProcess.StartAsync(
            "--kubeconfig", kubeconfig, "--duration", "10m", "--account", "acme=acme-web/viewer", "--account", "operator=observability/operator");

        using var acme = new ModelClient(demo.Query, demo.Token("acme"));
        using var everything = new ModelClient(demo.Query, demo.Token("operator"));
        Assert.That(await acme.NamesAsync("api/v1/model/namespaces/"), Is.EqualTo(new[] { "acme-batch", "acme-web" }));
        Assert.That(await everything.NamesAsync("api/v1/model/nodes/"), Is.EqualTo(new[] { "node-1", "node-2" }));
        Assert.That(demo.Session.GetProperty("tenants").EnumerateArray().Select(name => name.GetString()), Is.EqualTo(new[] { "acme", "globex", "initech" }));
        folder.Delete(recursive: true);
    }
}
