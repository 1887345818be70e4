using static Observability.Tenancy.Tests.TestDirectory;

namespace Observability.Tenancy.Tests.Binding;

/// <summary>Namespace N of acme is deleted and made again for globex; the two watches come in every order.</summary>
public sealed class PodBindingTests : IDisposable
{
    private readonly TestDirectory _test = new();

    public void Dispose() => _test.Dispose();

    [SetUp]
    public void Acme_has_the_namespace()
    {
        _test.Directory.ReplaceNamespaces([Namespace("n", "u1", "acme", rv: 5)], 10);
        _test.Directory.ReplacePods([], 10);
        _test.Directory.ReplaceNodes([], 10);
    }

    [Test]
    public void A_pod_is_unresolved_until_namespaces_are_known_up_to_where_it_was_seen()
    {
        _test.Directory.Upsert(Pod("p1", "n", rv: 20, createdAt: 5));
        Assert.That(_test.OwnerOf("p1"), Is.Null);
        Assert.That(_test.Now.PodsOn("n1"), Is.Empty);

        _test.Directory.NamespacesObservedAt(19);
        Assert.That(_test.OwnerOf("p1"), Is.Null);

        _test.Directory.NamespacesObservedAt(20);
        Assert.That(_test.OwnerOf("p1"), Is.EqualTo(_test.Tenant("acme")));
        Assert.That(_test.Now.PodsOn("n1").Single().NamespaceUid, Is.EqualTo("u1"));
    }

    [TestCase(5)]
    [TestCase(0)]
    public void A_pod_of_the_new_namespace_is_never_the_old_owners_though_the_namespace_watch_lags(int recreatedAt)
    {
        // Deleted at 30, made again at 31, the pod at 32; with 0 all in the second in which the first was made.
        _test.Directory.Upsert(Pod("p2", "n", rv: 32, createdAt: recreatedAt));
        Assert.That(_test.OwnerOf("p2"), Is.Null);

        _test.Directory.RemoveNamespace("u1", 30);
        Assert.That(_test.OwnerOf("p2"), Is.Null);

        _test.Directory.Upsert(Namespace("n", "u2", "globex", rv: 31, createdAt: recreatedAt));
        Assert.That(_test.OwnerOf("p2"), Is.Null);

        _test.Directory.NamespacesObservedAt(32);
        Assert.That(_test.OwnerOf("p2"), Is.EqualTo(_test.Tenant("globex")));
    }

    [Test]
    public void A_pod_of_the_old_namespace_that_is_told_late_stays_the_old_owners()
    {
        _test.Directory.RemoveNamespace("u1", 30);
        _test.Directory.Upsert(Namespace("n", "u2", "globex", rv: 31));
        _test.Directory.NamespacesObservedAt(40);

        _test.Directory.Upsert(Pod("p1", "n", rv: 20));

        Assert.That(_test.OwnerOf("p1"), Is.EqualTo(_test.Tenant("acme")));
    }

    [Test]
    public void A_pod_that_was_bound_stays_bound_when_its_name_is_given_away()
    {
        _test.Directory.Upsert(Pod("p1", "n", rv: 20));
        _test.Directory.NamespacesObservedAt(20);
        _test.Directory.Upsert(Namespace("n", "u2", "globex", rv: 31, createdAt: 3));
        _test.Directory.Upsert(Pod("p1", "n", rv: 33));
        _test.Directory.NamespacesObservedAt(40);

        Assert.That(_test.OwnerOf("p1"), Is.EqualTo(_test.Tenant("acme")));
    }

    [Test]
    public void A_pod_older_than_the_only_namespace_known_is_nobodys()
    {
        using var test = new TestDirectory();
        test.Directory.ReplacePods([Pod("p1", "n", rv: 3, createdAt: -10)], 50);
        test.Directory.ReplaceNamespaces([Namespace("n", "u2", "globex", rv: 40, createdAt: 0)], 50);
        test.Directory.NamespacesObservedAt(60);
        test.Directory.PodsObservedAt(60);

        Assert.That(test.OwnerOf("p1"), Is.Null);
    }

    [Test]
    public void A_pod_made_after_the_namespace_began_to_end_is_not_in_it()
    {
        _test.Directory.Upsert(Namespace("n", "u1", "acme", rv: 15) with { DeletedMs = At(10) });
        _test.Directory.Upsert(Pod("p2", "n", rv: 20, createdAt: 11));
        _test.Directory.NamespacesObservedAt(40);

        Assert.That(_test.OwnerOf("p2"), Is.Null);
    }

    [Test]
    public void A_pod_seen_before_the_namespace_was_waits_for_its_own_watch()
    {
        using var test = new TestDirectory();
        test.Directory.ReplacePods([Pod("p1", "n", rv: 20)], 25);
        // In the second in which the pod was made: it can be the namespace's or an earlier one's.
        test.Directory.ReplaceNamespaces([Namespace("n", "u2", "globex", rv: 30)], 35);
        Assert.That(test.OwnerOf("p1"), Is.Null);

        test.Directory.PodsObservedAt(30);

        Assert.That(test.OwnerOf("p1"), Is.EqualTo(test.Tenant("globex")));
    }

    [Test]
    public void A_pod_that_ended_before_it_was_resolved_is_resolved_all_the_same()
    {
        _test.Directory.Upsert(Pod("p1", "n", rv: 20, createdAt: 1));
        _test.Directory.RemovePod("p1", 25);
        _test.Directory.RemoveNamespace("u1", 30);

        Assert.That(_test.OwnerOf("p1"), Is.EqualTo(_test.Tenant("acme")));
        Assert.That(_test.Now.PodsOn("n1").Single().UntilMs, Is.EqualTo(_test.NowMs));
    }

    [Test]
    public void Late_news_of_a_deleted_namespace_does_not_bring_it_back()
    {
        _test.Directory.Upsert(Namespace("n", "u2", "globex", rv: 31, createdAt: 3));
        _test.Directory.Upsert(Namespace("n", "u1", "acme", rv: 29));

        Assert.That(_test.Now.TryGetNamespace("n", out DirectoryNamespace? live), Is.True);
        Assert.That(live!.Uid, Is.EqualTo("u2"));
    }

    [Test]
    public void A_deleted_pod_is_resolvable_for_a_while_and_then_forgotten()
    {
        _test.Directory.NamespacesObservedAt(20);
        _test.Directory.Upsert(Pod("p1", "n", rv: 20));
        _test.Directory.RemovePod("p1", 25);

        _test.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.That(_test.Now.TryGetPod("p1", out DirectoryPod? pod), Is.True);
        Assert.That(pod!.UntilMs, Is.EqualTo(At(0)));

        _test.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(_test.Now.TryGetPod("p1", out _), Is.False);
        Assert.That(_test.Now.PodsOn("n1"), Is.Empty);
    }

    [Test]
    public void Deleted_pods_are_bounded_in_number()
    {
        using var test = new TestDirectory(new TenancyOptions { MaxDeletedPods = 3 });
        test.Directory.ReplaceNamespaces([Namespace("n", "u1", "acme")], 100);

        for (ulong i = 2; i < 12; i++)
        {
            test.Directory.Upsert(Pod("p" + i, "n", rv: i));
            test.Directory.RemovePod("p" + i, i);
        }

        Assert.That(test.Now.Pods.Count(), Is.EqualTo(3));
    }

    [Test]
    public void A_pod_name_used_again_is_another_pod()
    {
        _test.Directory.NamespacesObservedAt(50);
        _test.Directory.Upsert(Pod("p1", "n", rv: 20, name: "web-0"));
        _test.Directory.RemovePod("p1", 25);
        _test.Directory.Upsert(Pod("p2", "n", rv: 26, name: "web-0"));

        Assert.That(_test.Now.PodsOn("n1").Select(pod => (pod.Uid, pod.Live)), Is.EqualTo(new[] { ("p1", false), ("p2", true) }));
    }
}
