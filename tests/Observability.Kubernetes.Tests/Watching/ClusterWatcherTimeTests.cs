using Microsoft.Extensions.Time.Testing;
using Observability.Kubernetes.Tests.Cluster;
using Observability.Simulator.Rbac;

namespace Observability.Kubernetes.Tests.Watching;

public class ClusterWatcherTimeTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task The_lag_grows_through_an_outage_and_falls_after_it()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        await using RunningWatcher watcher = await RunningWatcher.StartSyncedAsync(cluster.Options(), _time);
        cluster.Simulator.ApiFaults.RefuseConnections = true;
        await watcher.Log.UntilAsync(lines => lines.Count(line => line.Id == 5001) >= 3);

        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.That(watcher.Watcher.Lag, Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(watcher.Watcher.IsSynced, Is.True);
        Assert.That(watcher.Watcher.Watches.Select(watch => watch.IsConnected), Is.All.False);

        cluster.Simulator.ApiFaults.RefuseConnections = false;
        string uid = cluster.World.CreateNamespace("afterwards");
        await _time.AdvanceUntilAsync(TimeSpan.FromMilliseconds(50), watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey(uid)));
        Assert.That(watcher.Status("namespaces").Lag, Is.LessThan(TimeSpan.FromMinutes(5)));
        Assert.That(watcher.Status("namespaces").IsConnected, Is.True);
    }

    [Test]
    public async Task A_token_that_rotates_is_followed()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        string file = cluster.File("token");
        await cluster.Simulator.RotateTokenAsync(file, "observability", "aggregator", [], null, CancellationToken.None);
        await using RunningWatcher watcher = await RunningWatcher.StartSyncedAsync(cluster.OptionsWith(file), _time);

        await cluster.Simulator.RotateTokenAsync(file, "observability", "aggregator", [], null, CancellationToken.None);
        cluster.Simulator.DropWatches();
        string uid = cluster.World.CreateNamespace("under-the-new-token");

        await _time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey(uid)));
    }

    [Test]
    public async Task Without_rights_nothing_is_synced_until_they_are_given()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        cluster.World.RemoveBinding(null, "observability-aggregator");
        await using RunningWatcher watcher = await RunningWatcher.StartAsync(cluster.Options(), TimeProvider.System);
        await watcher.Log.UntilAsync(lines => lines.Any(line => line.Text.Contains("answered 403", StringComparison.Ordinal)));
        Assert.That(watcher.Watcher.IsSynced, Is.False);
        Assert.That(watcher.View.Read((_, calls) => calls.Count), Is.Zero);

        cluster.World.AddBinding(new RoleBinding
        {
            Name = "observability-aggregator",
            RoleName = "observability-aggregator",
            Subjects = [Subject.ServiceAccount("observability", "aggregator")],
        });

        await watcher.SyncedAsync();
        Assert.That(watcher.Watcher.IsSynced, Is.True);
    }

    [Test]
    public async Task A_list_in_pages_brings_every_object()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        ClusterOptions options = cluster.Options();
        options.PageSize = 4;

        await using RunningWatcher watcher = await RunningWatcher.StartSyncedAsync(options, TimeProvider.System);

        string[] known = watcher.View.Read((view, _) => view.Namespaces.Values.Select(item => item.Name).Order(StringComparer.Ordinal).ToArray());
        Assert.That(known, Is.EqualTo(new[]
        {
            "acme-batch", "acme-web", "default", "globex-prod", "initech-dev", "kube-public", "kube-system", "observability", "orphan",
        }));
        Assert.That(watcher.View.Read((view, _) => view.Pods.Count), Is.GreaterThan(8));
    }
}
