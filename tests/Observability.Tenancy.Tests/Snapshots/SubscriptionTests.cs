using static Observability.Tenancy.Tests.TestDirectory;

namespace Observability.Tenancy.Tests.Snapshots;

[CancelAfter(30_000)]
public sealed class SubscriptionTests : IDisposable
{
    private readonly TestDirectory _test = new(new TenancyOptions { MaxPendingChanges = 3 });

    public void Dispose() => _test.Dispose();

    [SetUp]
    public void A_node_with_a_pod()
    {
        _test.Directory.ReplaceNamespaces([Namespace("n", "u1", "acme")], 100);
        _test.Directory.ReplacePods([Pod("p1", "n")], 1);
    }

    [Test]
    public async Task The_first_change_is_all_that_the_node_has_and_the_next_only_what_changed(CancellationToken timeout)
    {
        using DirectorySubscription subscription = _test.Directory.Subscribe("n1");

        NodeChange first = await subscription.NextAsync(timeout);
        _test.Directory.Upsert(Pod("p2", "n", rv: 2));
        _test.Directory.Upsert(Pod("p3", "n", rv: 3, node: "n2"));
        _test.Directory.RemovePod("p1", 4);
        NodeChange second = await subscription.NextAsync(timeout);

        Assert.That(first.IsFull, Is.True);
        Assert.That(first.Pods.Select(pod => pod.Uid), Is.EqualTo(new[] { "p1" }));
        Assert.That(second.IsFull, Is.False);
        Assert.That(second.Pods.Select(pod => (pod.Uid, pod.Live)), Is.EqualTo(new[] { ("p1", false), ("p2", true) }));
        Assert.That(second.Version, Is.EqualTo(_test.Now.Version));
    }

    [Test]
    public async Task A_pod_that_is_forgotten_is_told_as_removed(CancellationToken timeout)
    {
        using DirectorySubscription subscription = _test.Directory.Subscribe("n1");
        await subscription.NextAsync(timeout);

        _test.Directory.RemovePod("p1", 4);
        _test.Time.Advance(TimeSpan.FromMinutes(6));

        Assert.That((await subscription.NextAsync(timeout)).RemovedPodUids, Is.EqualTo(new[] { "p1" }));
    }

    [Test]
    public async Task A_namespace_that_moves_is_told_to_the_nodes_of_its_pods(CancellationToken timeout)
    {
        using DirectorySubscription subscription = _test.Directory.Subscribe("n1");
        await subscription.NextAsync(timeout);

        ValueTask<NodeChange> next = subscription.NextAsync(timeout);
        _test.Directory.Upsert(Namespace("n", "u1", "globex", rv: 101));

        Assert.That((await next).Pods.Single().Tenant, Is.EqualTo(_test.Tenant("globex")));
    }

    [Test]
    public async Task A_reader_that_lags_is_given_everything_again(CancellationToken timeout)
    {
        using DirectorySubscription subscription = _test.Directory.Subscribe("n1");
        await subscription.NextAsync(timeout);

        for (ulong i = 2; i < 10; i++)
            _test.Directory.Upsert(Pod("p" + i, "n", rv: i));
        NodeChange change = await subscription.NextAsync(timeout);

        Assert.That(change.IsFull, Is.True);
        Assert.That(change.Pods.Length, Is.EqualTo(9));
    }

    [Test]
    public async Task A_status_that_changes_is_in_the_snapshot_and_wakes_no_node(CancellationToken timeout)
    {
        using DirectorySubscription subscription = _test.Directory.Subscribe("n1");
        await subscription.NextAsync(timeout);

        ValueTask<NodeChange> next = subscription.NextAsync(timeout);
        _test.Directory.Upsert(Pod("p1", "n", rv: 2) with { Phase = PodPhase.Running });

        Assert.That(next.IsCompleted, Is.False);
        Assert.That(_test.Now.TryGetPod("p1", out DirectoryPod? pod), Is.True);
        Assert.That(pod!.Pod.Phase, Is.EqualTo(PodPhase.Running));
        _test.Directory.Upsert(Pod("p2", "n", rv: 3));
        Assert.That((await next).Pods.Single().Uid, Is.EqualTo("p2"));
    }
}
