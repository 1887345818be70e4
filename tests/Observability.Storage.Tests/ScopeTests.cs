using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests;

internal sealed class ScopeTests : IDisposable
{
    private static readonly Matcher[][] Attempts =
    [
        [],
        [Matcher.Equal("tenant", "globex")],
        [new Matcher("tenant", MatchOperator.Regex, ".*")],
        [new Matcher("namespace", MatchOperator.NotEqual, "acme-web")],
        [new Matcher("namespace", MatchOperator.Equal, "")],
        [new Matcher("namespace", MatchOperator.Regex, "|.*")],
        [new Matcher("__name__", MatchOperator.NotRegex, "x")],
        [new Matcher("unknown", MatchOperator.Equal, "")],
    ];

    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [SetUp]
    public async Task Given_two_tenants_and_the_operators_partitions()
    {
        await _store.WriteAsync(Acme, Labels("cpu", ("tenant", "acme"), ("namespace", "acme-web"), ("pod", "web")), (0, 1), (1000, 2), (2000, 3));
        await _store.WriteAsync(Acme, Labels("cpu", ("tenant", "acme"), ("namespace", "acme-batch"), ("pod", "job"), ("batch-label", "b")), (0, 4));
        await _store.WriteAsync(Acme, Labels("tenant_wide", ("tenant", "acme")), (0, 5));
        await _store.WriteAsync(Globex, Labels("globex_secret", ("tenant", "globex"), ("namespace", "acme-web"), ("globex-label", "g")), (0, 6));
        await _store.WriteAsync(TenantUid.System, Labels("node_cpu", ("node", "n1")), (0, 7));
        await _store.WriteAsync(TenantUid.Unassigned, Labels("cpu", ("namespace", "nobody")), (0, 8));
    }

    [Test]
    public void An_empty_scope_opens_nothing()
    {
        foreach (Matcher[] matchers in Attempts)
        {
            Assert.That(_store.Select(TenantScope.Empty, matchers), Is.Empty);
            Assert.That(_store.Store.LabelNames(TenantScope.Empty, matchers, TimeRange.All, default), Is.Empty);
            Assert.That(_store.Store.LabelValues(TenantScope.Empty, "__name__", matchers, TimeRange.All, default), Is.Empty);
        }
        Assert.That(_store.Store.Statistics(TenantScope.Empty).Series, Is.Zero);
    }

    [Test]
    public void A_tenants_scope_never_shows_anything_of_another_whatever_the_matchers()
    {
        foreach (Matcher[] matchers in Attempts)
        {
            IReadOnlyList<SelectedSeries> selected = _store.Select(Scope(Acme), matchers);
            IReadOnlyList<string> names = _store.Store.LabelNames(Scope(Acme), matchers, TimeRange.All, default);
            string[] values = [.. names.Append("globex-label").Append("node").SelectMany(name => _store.Store.LabelValues(Scope(Acme), name, matchers, TimeRange.All, default))];

            Assert.That(selected.Select(series => series.Tenant), Is.All.EqualTo(Acme));
            Assert.That(selected.Select(series => series.Labels["tenant"]), Is.All.EqualTo("acme"));
            Assert.That(names, Has.None.EqualTo("globex-label").And.None.EqualTo("node"));
            Assert.That(values, Has.None.Contains("globex").And.None.EqualTo("g").And.None.EqualTo("n1").And.None.EqualTo("nobody"));
        }
    }

    [Test]
    public void The_operators_scope_shows_every_partition_in_the_order_of_their_names()
    {
        TenantScope scope = Scope(Acme, Globex, TenantUid.System, TenantUid.Unassigned);

        Assert.That(_store.Select(scope).Select(series => series.Tenant),
            Is.EqualTo(new[] { TenantUid.System, TenantUid.Unassigned, Acme, Acme, Acme, Globex }));
    }

    [Test]
    public void Series_are_sorted_by_their_labels_within_a_partition()
    {
        IReadOnlyList<SelectedSeries> selected = _store.Select(Scope(Acme));

        Assert.That(selected.Select(series => series.Labels), Is.Ordered);
        Assert.That(selected, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_grant_of_billing_alone_shows_no_metrics()
    {
        var scope = new TenantScope([TenantGrant.Whole(Acme, Rights.Billing)]);

        Assert.That(_store.Select(scope), Is.Empty);
        Assert.That(_store.Store.LabelNames(scope, [], TimeRange.All, default), Is.Empty);
        Assert.That(_store.Store.Statistics(scope).Series, Is.Zero);
    }

    [Test]
    public void A_grant_limited_to_a_namespace_shows_its_series_alone_whatever_the_matchers()
    {
        TenantScope scope = Limited(Acme, new NamespaceGrant("acme-web", 0));

        foreach (Matcher[] matchers in Attempts)
        {
            Assert.That(_store.Select(scope, matchers).Select(series => series.Labels["namespace"]), Is.All.EqualTo("acme-web"));
            Assert.That(_store.Select(scope, matchers).Select(series => series.Tenant), Is.All.EqualTo(Acme));
            Assert.That(_store.Store.LabelNames(scope, matchers, TimeRange.All, default), Has.None.EqualTo("batch-label"));
            Assert.That(_store.Store.LabelValues(scope, "pod", matchers, TimeRange.All, default), Has.None.EqualTo("job"));
        }
        Assert.That(_store.Select(scope), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_grant_of_several_namespaces_shows_all_of_them()
    {
        TenantScope scope = Limited(Acme, new("acme-web", 0), new("acme-batch", 0), new("unknown", 0));

        Assert.That(_store.Store.LabelValues(scope, "namespace", [], TimeRange.All, default), Is.EqualTo(new[] { "acme-batch", "acme-web" }));
        Assert.That(_store.Select(scope, Matcher.Equal("__name__", "tenant_wide")), Is.Empty);
    }

    [Test]
    public void A_grant_limited_to_no_namespace_shows_nothing()
    {
        Assert.That(_store.Select(Limited(Acme)), Is.Empty);
        Assert.That(_store.Select(Limited(Acme, new NamespaceGrant("", 0))), Is.Empty, "an empty name is not the series without a namespace");
    }

    [Test]
    public void A_namespace_opens_from_the_time_of_its_grant()
    {
        TenantScope scope = Limited(Acme, new NamespaceGrant("acme-web", _store.StartMs + 1000));

        Assert.That(_store.Samples(scope, TimeRange.All), Is.EqualTo(new[] { (1000L, 2.0), (2000L, 3.0) }));
        Assert.That(_store.Samples(scope, new TimeRange(_store.StartMs, _store.StartMs + 1000)), Is.EqualTo(new[] { (1000L, 2.0) }));
        Assert.That(_store.Samples(scope, new TimeRange(_store.StartMs, _store.StartMs + 999)), Is.Empty);
    }

    [Test]
    public void Series_that_ended_before_the_grant_leave_no_trace()
    {
        TenantScope scope = Limited(Acme, new NamespaceGrant("acme-web", _store.StartMs + 2001));

        Assert.That(_store.Select(scope), Is.Empty);
        Assert.That(_store.Store.LabelNames(scope, [], TimeRange.All, default), Is.Empty);
        Assert.That(_store.Store.LabelValues(scope, "pod", [], TimeRange.All, default), Is.Empty);
        Assert.That(_store.Store.Statistics(scope).Series, Is.Zero);
    }

    [Test]
    public void Of_two_grants_of_one_namespace_the_later_counts()
    {
        TenantScope scope = Limited(Acme, new("acme-web", 0), new("acme-web", _store.StartMs + 2000));

        Assert.That(_store.Samples(scope, TimeRange.All), Is.EqualTo(new[] { (2000L, 3.0) }));
    }

    [Test]
    public void A_tenant_without_a_partition_looks_like_one_without_series() =>
        Assert.That(_store.Select(Scope(TenantUid.Parse(new string('c', 32)))), Is.Empty);

    [Test]
    public void A_scope_is_needed() =>
        Assert.That(() => _store.Store.Select(null!, [], TimeRange.All, default), Throws.ArgumentNullException);
}
