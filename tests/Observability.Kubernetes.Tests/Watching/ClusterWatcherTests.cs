using Observability.Kubernetes.Tests.Cluster;
using Observability.Simulator;
using Observability.Simulator.Workloads;
using Observability.Tenancy;

namespace Observability.Kubernetes.Tests.Watching;

public class ClusterWatcherTests
{
    private SimulatedCluster _cluster = null!;
    private RunningWatcher _watcher = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cluster = await SimulatedCluster.StartAsync();
        _watcher = await RunningWatcher.StartSyncedAsync(_cluster.Options(), TimeProvider.System);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _watcher.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task Every_pod_is_known_as_the_cluster_has_it()
    {
        PodInfo[] expected = [.. _cluster.World.Pods.Where(pod => pod.Containers.All(container => container.Ended is null))];

        await _watcher.View.UntilAsync((view, _) => expected.All(pod =>
            view.Pods.TryGetValue(pod.Uid, out PodObject? known) &&
            (known.Namespace, known.Name, known.CgroupUid, known.Node, known.HostNetwork) ==
            (pod.Namespace, pod.Name, pod.CgroupUid, pod.Node, pod.HostNetwork)));

        Assert.That(expected, Is.Not.Empty);
        Assert.That(expected.Count(pod => pod.Uid != pod.CgroupUid), Is.EqualTo(3), "a static pod on each node");
    }

    [Test]
    public void Pods_are_listed_before_namespaces()
    {
        (int pods, int namespaces) = _watcher.View.Read((_, calls) => (calls.ToList().IndexOf("replace pods"), calls.ToList().IndexOf("replace namespaces")));

        Assert.That(pods, Is.GreaterThanOrEqualTo(0).And.LessThan(namespaces));
    }

    [Test]
    public void Nodes_are_known_with_what_pods_may_have()
    {
        NodeObject[] nodes = _watcher.View.Read((view, _) => view.Nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal).ToArray());

        Assert.That(nodes.Select(node => (node.Name, node.Uid)), Is.EqualTo(_cluster.Simulator.Nodes.Select(node => (node.Name, node.Uid))));
        Assert.That(nodes.Select(node => node.Capacity.CpuMillicores), Is.All.GreaterThan(0));
        Assert.That(nodes.Select(node => node.Capacity.Pods), Is.All.GreaterThan(0));
        Assert.That(nodes.Select(node => node.Allocatable.MemoryBytes), Is.All.GreaterThan(0));
    }

    [Test]
    public async Task Changes_of_a_namespace_arrive_in_the_order_in_which_they_happened()
    {
        string first = _cluster.World.CreateNamespace("reborn", new Dictionary<string, string> { ["tenant"] = "acme" });
        _cluster.World.LabelNamespace("reborn", "tenant", "globex");
        _cluster.World.DeleteNamespace("reborn");
        await _watcher.View.UntilAsync((_, calls) => calls.Contains($"namespace gone {first}"));
        string second = _cluster.World.CreateNamespace("reborn", new Dictionary<string, string> { ["tenant"] = "initech" });
        await _watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey(second));

        string[] told = _watcher.View.Read((_, calls) => calls
            .Where(call => call.Contains(first, StringComparison.Ordinal) || call.Contains(second, StringComparison.Ordinal)).ToArray());
        Assert.That(told, Is.EqualTo(new[]
        {
            $"namespace reborn {first}", $"namespace reborn {first}", $"namespace reborn {first} terminating", $"namespace gone {first}",
            $"namespace reborn {second}",
        }));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(_watcher.View.Read((view, _) => view.Namespaces[second].Labels["tenant"]), Is.EqualTo("initech"));
    }

    [Test]
    public async Task A_pod_comes_and_goes()
    {
        PodInfo pod = _cluster.World.CreatePod(Pod("late"));
        await _watcher.View.UntilAsync((view, _) => view.Pods.TryGetValue(pod.Uid, out PodObject? known) && known.Node == pod.Node);

        _cluster.World.DeletePod("acme-web", "late", TimeSpan.Zero);

        await _watcher.View.UntilAsync((view, calls) => !view.Pods.ContainsKey(pod.Uid) && calls.Contains($"pod gone {pod.Uid}"));
        Assert.That(_watcher.Status("pods").Lists, Is.EqualTo(1));
    }

    [Test]
    public async Task A_bookmark_says_that_namespaces_were_seen_up_to_a_pods_version()
    {
        PodInfo pod = _cluster.World.CreatePod(Pod("newer-than-every-namespace"));
        await _watcher.View.UntilAsync((view, _) => view.Pods.ContainsKey(pod.Uid));
        ulong version = _watcher.View.Read((view, _) => view.Pods[pod.Uid].ResourceVersion);
        Assert.That(_watcher.View.Read((view, _) => view.NamespacesSeen), Is.LessThan(version));

        Task seen = _watcher.View.UntilAsync((view, calls) => view.NamespacesSeen >= version && calls.Contains("namespaces observed"));
        _cluster.Simulator.SendBookmarks();

        await seen;
    }

    [Test]
    public async Task A_dropped_watch_goes_on_where_it_was()
    {
        _cluster.Simulator.DropWatches();
        string uid = _cluster.World.CreateNamespace("created-in-the-gap");

        await _watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey(uid));
        Assert.That(_watcher.Watcher.Watches.Select(watch => watch.Lists), Is.All.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_watch_from_a_forgotten_version_is_replaced_by_a_list(bool asStatus)
    {
        _cluster.Simulator.ExpiredWatchesAsStatus = asStatus;
        _cluster.Simulator.ApiFaults.RefuseConnections = true;
        await _watcher.Log.UntilAsync(lines => lines.Any(line => line.Id == 5001 && line.Text.Contains("namespaces", StringComparison.Ordinal)));
        string gone = _cluster.World.CreateNamespace("short-lived");
        _cluster.World.CreateNamespace("made-meanwhile");
        _cluster.World.DeleteNamespace("short-lived");
        _cluster.Simulator.CompactWatchHistory();

        _cluster.Simulator.ApiFaults.RefuseConnections = false;

        await _watcher.View.UntilAsync((view, _) => view.Namespaces.Values.Any(item => item.Name == "made-meanwhile"));
        Assert.That(_watcher.Status("namespaces").Lists, Is.GreaterThanOrEqualTo(2));
        Assert.That(_watcher.View.Read((_, calls) => calls), Has.None.Contains($"namespace short-lived {gone}"), "no event of the gap can come");
        Assert.That(_watcher.Log.Lines.Select(line => line.Text), Has.Some.Contains("(Expired)"));
    }

    [Test]
    public async Task Watches_whose_history_is_forgotten_under_them_list_again()
    {
        _cluster.Simulator.CompactWatchHistory();

        await _watcher.View.UntilAsync((_, calls) => new[] { "replace pods", "replace namespaces", "replace nodes" }.All(call => calls.Count(made => made == call) >= 2));
        string uid = _cluster.World.CreateNamespace("afterwards");
        await _watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey(uid));
    }

    [Test]
    public async Task Through_an_outage_what_is_known_stays_and_is_followed_up()
    {
        int nodes = _watcher.View.Read((view, _) => view.Nodes.Count);
        _cluster.Simulator.ApiFaults.FailWithStatus = 500;
        _cluster.Simulator.DropWatches();
        await _watcher.Log.UntilAsync(lines => lines.Count(line => line.Text.Contains("answered 500", StringComparison.Ordinal)) >= 6);

        Assert.That(_watcher.Watcher.IsSynced, Is.True);
        Assert.That(_watcher.View.Read((view, _) => view.Nodes.Count), Is.EqualTo(nodes));

        string uid = _cluster.World.CreateNamespace("made-in-the-outage");
        _cluster.Simulator.ApiFaults.FailWithStatus = 0;
        await _watcher.View.UntilAsync((view, _) => view.Namespaces.ContainsKey(uid));
        Assert.That(_watcher.Watcher.Watches.Select(watch => watch.Lists), Is.All.EqualTo(1), "the versions are still known: no list is needed");
    }

    private static PodSpec Pod(string name) => new()
    {
        Namespace = "acme-web",
        Name = name,
        Containers = [new ContainerSpec { Name = "main" }],
    };
}
