namespace Observability.Simulator.Tests;

public sealed class DeterminismTests
{
    private static readonly string[] Paths = ["metrics/cadvisor", "metrics/resource", "stats/summary", "pods"];

    [Test]
    public async Task The_same_seed_at_the_same_time_gives_the_same_bytes()
    {
        await using RunningCluster left = await RunningCluster.StartAsync();
        await using RunningCluster right = await RunningCluster.StartAsync();

        // One is looked at on the way, the other is not: what happens does not depend on who looks.
        for (int i = 0; i < 20; i++)
        {
            left.Time.Advance(TimeSpan.FromSeconds(15));
            await left.CadvisorAsync(i % 3);
        }

        right.Time.Advance(TimeSpan.FromSeconds(300));

        foreach (string path in Paths)
        {
            for (int node = 0; node < 3; node++)
            {
                string expected = await left.Kubelet(node).GetStringAsync(path, left.Deadline);
                Assert.That(await right.Kubelet(node).GetStringAsync(path, right.Deadline), Is.EqualTo(expected), $"{path} of node {node}");
            }
        }
    }

    [Test]
    public async Task Another_seed_gives_other_values()
    {
        await using RunningCluster left = await RunningCluster.StartAsync(Scenarios.ThreeTenants(seed: 1));
        await using RunningCluster right = await RunningCluster.StartAsync(Scenarios.ThreeTenants(seed: 2));

        Assert.That((await left.CadvisorAsync()).Text, Is.Not.EqualTo((await right.CadvisorAsync()).Text));
    }

    [TestCase("globex")]
    [TestCase("initech")]
    public async Task A_tenant_that_is_not_there_changes_no_byte_of_anothers_rows(string absent)
    {
        SimulatorOptions all = Scenarios.ThreeTenants();
        await using RunningCluster with = await RunningCluster.StartAsync(all);
        await using RunningCluster without = await RunningCluster.StartAsync(all with { Tenants = [.. all.Tenants.Where(tenant => tenant.Name != absent)] });

        for (int round = 0; round < 6; round++)
        {
            with.Time.Advance(TimeSpan.FromSeconds(15));
            without.Time.Advance(TimeSpan.FromSeconds(15));
            for (int node = 0; node < 3; node++)
            {
                string[] expected = Acmes(await with.CadvisorAsync(node));
                Assert.That(expected, Is.Not.Empty);
                Assert.That(Acmes(await without.CadvisorAsync(node)), Is.EqualTo(expected));
                Assert.That(Acmes(await without.ResourceAsync(node)), Is.EqualTo(Acmes(await with.ResourceAsync(node))));
            }
        }

        static string[] Acmes(Page page) =>
            [.. page.Rows.Where(row => row["namespace"].StartsWith("acme-", StringComparison.Ordinal)).Select(row => row.Line)];
    }
}
