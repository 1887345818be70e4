using Observability.Model;

namespace Observability.Access.Tests.Authorization;

public sealed class ScopeTests : IDisposable
{
    private const string Operator = "get tenants/metrics.observability.io @";
    private const string Acme = "get tenants/metrics.observability.io acme@";
    private const string AcmeWeb = "get metrics.observability.io @acme-web";
    private readonly AccessBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Test]
    public async Task A_tenants_right_opens_that_tenant_and_no_other()
    {
        _bench.Api.Allow("ann", Acme);

        ScopeResult result = await _bench.ScopeAsync("ann");

        Assert.That(result.Scope.Grants, Is.EqualTo(new[] { TenantGrant.Whole(_bench.Tenant("acme"), Rights.Metrics) }));
        Assert.That(result.Scope.IsOperator, Is.False);
        Assert.That(result.Grants.Single().Reason, Does.Contain("RBAC: allowed"));
    }

    [TestCase(null, null)]
    [TestCase("acme", null)]
    [TestCase(null, "acme-web")]
    [TestCase("acme", "acme-web")]
    public async Task A_namespaces_right_opens_that_namespace_from_when_it_was_made(string? tenant, string? ns)
    {
        _bench.Api.Allow("web", AcmeWeb);

        ScopeResult result = await _bench.ScopeAsync("web", tenant, ns);

        TenantGrant grant = result.Scope.Grants.Single();
        Assert.That(grant.Tenant, Is.EqualTo(_bench.Tenant("acme")));
        Assert.That(grant.Namespaces, Is.EqualTo(new[] { new NamespaceGrant("acme-web", AccessBench.CreatedMs) }));
    }

    [Test]
    public async Task The_operators_right_opens_everything()
    {
        _bench.Api.Allow("op", Operator);

        ScopeResult result = await _bench.ScopeAsync("op");

        Assert.That(result.Scope.IsOperator, Is.True);
        Assert.That(result.Scope.Grants.Select(grant => grant.Tenant),
            Is.EquivalentTo(new[] { _bench.Tenant("acme"), _bench.Tenant("globex"), TenantUid.System, TenantUid.Unassigned }));
        Assert.That(_bench.Api.Asked, Has.Count.EqualTo(1));
    }

    [TestCase("acme", ExpectedResult = AccessOutcome.Denied)]
    [TestCase("globex", ExpectedResult = AccessOutcome.Denied)]
    [TestCase("nobody", ExpectedResult = AccessOutcome.Denied)]
    [TestCase(null, ExpectedResult = AccessOutcome.Denied)]
    public async Task<AccessOutcome> Without_a_right_nothing_is_opened(string? tenant) => (await _bench.ScopeAsync("eve", tenant)).Outcome;

    [Test]
    public async Task Unknown_and_forbidden_are_one_answer_after_alike_reviews()
    {
        // One tenant only, so that there is one to compare with.
        _bench.Directory.RemoveNamespace("u3", 20);

        ScopeResult forbidden = await _bench.ScopeAsync("eve", "acme");
        string[] first = [.. _bench.Api.Asked.Select(attributes => attributes.Resource).Order(StringComparer.Ordinal)];
        int[] counts = new int[20];
        for (int i = 0; i < counts.Length; i++)
        {
            _bench.Api.Asked.Clear();
            ScopeResult unknown = await _bench.ScopeAsync("eve" + i, "nobody" + i);
            Assert.That(unknown, Is.SameAs(forbidden));
            counts[i] = _bench.Api.Asked.Count;
        }

        Assert.That(first, Is.EqualTo(new[] { "metrics", "metrics", "tenants" }));
        // A decoy is any known tenant: acme with two namespaces, globex with none left.
        Assert.That(counts, Has.All.AnyOf(3, 1));
        Assert.That(counts, Does.Contain(3));
    }

    [TestCase("globex-prod", null, 2)]
    [TestCase("no-such", null, 2)]
    [TestCase("stray", null, 2)]
    [TestCase("kube-system", null, 2)]
    [TestCase("globex-prod", "globex", 2)]
    [TestCase("globex-prod", "acme", 2)]
    [TestCase("no-such", "acme", 2)]
    [TestCase("globex-prod", "nobody", 2)]
    public async Task A_forbidden_a_foreign_and_a_missing_namespace_are_refused_after_as_many_reviews(string ns, string? tenant, int reviews)
    {
        ScopeResult result = await _bench.ScopeAsync("eve", tenant, ns);

        Assert.That(result, Is.SameAs(ScopeResult.Denied));
        Assert.That(_bench.Api.Asked, Has.Count.EqualTo(reviews));
    }

    [TestCase("")]
    [TestCase("*")]
    [TestCase("a|b")]
    [TestCase("..")]
    [TestCase("a/b")]
    [TestCase("%00")]
    [TestCase("acme-web\n")]
    [TestCase("ACME-WEB")]
    [TestCase("__all__")]
    [TestCase("_system")]
    public async Task What_is_no_namespace_name_is_refused_without_a_review(string ns)
    {
        _bench.Api.Allow("op", Operator);

        Assert.That((await _bench.ScopeAsync("op", ns: ns)).Outcome, Is.EqualTo(AccessOutcome.Denied));
        Assert.That(_bench.Api.Asked, Is.Empty);
    }

    [Test]
    public async Task A_namespace_named_in_the_path_narrows_a_tenants_right()
    {
        _bench.Api.Allow("ann", Acme);

        ScopeResult result = await _bench.ScopeAsync("ann", ns: "acme-web");

        Assert.That(result.Scope.Grants.Single().Namespaces.Select(grant => grant.Name), Is.EqualTo(new[] { "acme-web" }));
        Assert.That(_bench.Api.Asked, Has.Count.EqualTo(1));
    }

    [TestCase("acme", "globex-prod")]
    [TestCase("globex", "acme-web")]
    public async Task A_namespace_of_another_tenant_than_the_path_names_is_not_opened_by_a_right_in_it(string tenant, string ns)
    {
        _bench.Api.Allow("dev", $"get metrics.observability.io @{ns}");

        Assert.That((await _bench.ScopeAsync("dev", tenant, ns)).Outcome, Is.EqualTo(AccessOutcome.Denied));
    }

    [TestCase("stray")]
    [TestCase("kube-system")]
    public async Task A_namespace_that_no_tenant_owns_is_the_operators_alone(string ns)
    {
        _bench.Api.Allow("dev", $"get metrics.observability.io @{ns}");
        _bench.Api.Allow("op", Operator);

        Assert.That((await _bench.ScopeAsync("dev", ns: ns)).Outcome, Is.EqualTo(AccessOutcome.Denied));
        Assert.That((await _bench.ScopeAsync("dev")).Outcome, Is.EqualTo(AccessOutcome.Denied));
        ScopeResult result = await _bench.ScopeAsync("op", ns: ns);
        Assert.That(result.Scope.Grants.Single().Tenant.IsOperatorPartition, Is.True);
        Assert.That(result.Scope.IsOperator, Is.True);
    }

    [TestCase(true, "acme-web", ExpectedResult = AccessOutcome.Granted)]
    [TestCase(true, null, ExpectedResult = AccessOutcome.Granted)]
    [TestCase(false, "acme-web", ExpectedResult = AccessOutcome.Denied)]
    [TestCase(false, null, ExpectedResult = AccessOutcome.Denied)]
    public async Task<AccessOutcome> The_view_roles_right_opens_live_views_alone(bool live, string? ns)
    {
        _bench.Api.Allow("viewer", "get pods.metrics.k8s.io @acme-web");

        return (await _bench.ScopeAsync("viewer", ns: ns, live: live)).Outcome;
    }

    [Test]
    public async Task A_right_to_metrics_opens_no_bills_and_the_other_way_round()
    {
        _bench.Api.Allow("ann", Acme);
        _bench.Api.Allow("ann", AcmeWeb);
        _bench.Api.Allow("fin", "get tenants/billing.observability.io acme@");

        Assert.That((await _bench.ScopeAsync("ann", "acme", right: Rights.Billing)).Outcome, Is.EqualTo(AccessOutcome.Denied));
        Assert.That((await _bench.ScopeAsync("fin", "acme")).Outcome, Is.EqualTo(AccessOutcome.Denied));
        Assert.That((await _bench.ScopeAsync("fin", "acme", right: Rights.Billing)).Scope.Grants.Single().Rights, Is.EqualTo(Rights.Billing));
    }

    [Test]
    public async Task A_namespace_made_again_for_another_tenant_opens_nothing_of_before()
    {
        long createdMs = AccessBench.CreatedMs + 3_600_000;
        _bench.Api.Allow("web", AcmeWeb);
        _bench.Directory.RemoveNamespace("u1", 20);
        _bench.Directory.Upsert(AccessBench.Namespace("acme-web", "u9", "globex", rv: 21, createdMs));

        ScopeResult result = await _bench.ScopeAsync("web");

        TenantGrant grant = result.Scope.Grants.Single();
        Assert.That(grant.Tenant, Is.EqualTo(_bench.Tenant("globex")));
        Assert.That(grant.Namespaces.Single().FromMs, Is.EqualTo(createdMs + 1000));
    }

    [Test]
    public async Task A_revoked_right_is_gone_after_ten_seconds()
    {
        _bench.Api.Allow("ann", Acme);
        await _bench.ScopeAsync("ann", "acme");
        _bench.Api.Revoke("ann", Acme);

        _bench.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That((await _bench.ScopeAsync("ann", "acme")).IsGranted, Is.True);
        _bench.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That((await _bench.ScopeAsync("ann", "acme")).IsGranted, Is.False);
    }

    [Test]
    public async Task Where_the_API_server_fails_there_is_no_answer_and_nothing_is_remembered()
    {
        _bench.Api.Allow("ann", Acme);
        _bench.Api.Broken = true;
        Assert.That((await _bench.ScopeAsync("ann", "acme")).Outcome, Is.EqualTo(AccessOutcome.Unavailable));
        Assert.That((await _bench.ScopeAsync("ann")).Outcome, Is.EqualTo(AccessOutcome.Unavailable));

        _bench.Api.Broken = false;
        Assert.That((await _bench.ScopeAsync("ann", "acme")).IsGranted, Is.True);
        Assert.That((await _bench.ScopeAsync("ann")).IsGranted, Is.True);
    }

    [Test]
    public async Task A_request_that_needs_too_many_reviews_is_asked_to_name_a_tenant()
    {
        using var bench = new AccessBench(new AccessOptions { MaxReviewsPerRequest = 5 });
        bench.Api.Allow("web", AcmeWeb);

        ScopeResult all = await bench.ScopeAsync("web");
        ScopeResult named = await bench.ScopeAsync("web", "acme");

        Assert.That(all.Outcome, Is.EqualTo(AccessOutcome.Unavailable));
        Assert.That(all.Problem, Does.Contain("name a tenant"));
        Assert.That(named.IsGranted, Is.True);
    }

    [Test]
    public async Task Before_namespaces_are_listed_there_is_no_answer()
    {
        using var bench = new AccessBench();
        using var meters = new TestMeters();
        using var empty = new Tenancy.TenantDirectory(new(), [], bench.Time, meters, Microsoft.Extensions.Logging.Abstractions.NullLogger<Tenancy.TenantDirectory>.Instance);
        using var authorizer = new Authorizer(() => empty.Current, bench.Api, bench.Options, bench.Log, bench.Time, meters);

        ScopeResult result = await authorizer.ScopeAsync(FakeApiServer.Caller("ann"), new ScopeRequest(), CancellationToken.None);

        Assert.That(result.Outcome, Is.EqualTo(AccessOutcome.Unavailable));
    }

    [Test]
    public async Task Remembered_decisions_are_bounded()
    {
        using var bench = new AccessBench(new AccessOptions { MaxCachedDecisions = 10 });

        for (int i = 0; i < 30; i++)
            await bench.ScopeAsync("eve" + i, "acme");

        Assert.That(bench.Authorizer.CachedDecisions, Is.EqualTo(10));
    }

    [Test]
    public async Task Every_allow_and_deny_is_one_record()
    {
        _bench.Api.Allow("ann", Acme);

        await _bench.ScopeAsync("ann", "acme");
        await _bench.ScopeAsync("ann", "globex", "globex-prod");

        Assert.That(_bench.Log.Decisions.Select(record => (record.Username, record.Action, record.Tenant, record.Namespace, record.Outcome, record.Grants.Length)),
            Is.EqualTo(new[]
            {
                ("ann", "read metrics", "acme", "", "granted", 1),
                ("ann", "read metrics", "globex", "globex-prod", "denied", 0),
            }));
    }

    [Test]
    public void A_request_is_for_exactly_one_right() =>
        Assert.That(async () => await _bench.ScopeAsync("ann", right: Rights.Metrics | Rights.Billing), Throws.ArgumentException);
}
