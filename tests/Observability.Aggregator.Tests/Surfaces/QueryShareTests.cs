using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Access;
using Observability.Model;
using Observability.Tenancy;

namespace Observability.Aggregator.Tests.Surfaces;

[CancelAfter(60_000)]
internal sealed class QueryShareTests
{
    [Test]
    public async Task A_tenant_over_its_share_is_told_to_come_back_and_another_is_answered(CancellationToken cancellationToken)
    {
        await using TestAggregator test = await TestAggregator.StartAsync();
        var shares = test.AggregatorHost.Services.GetRequiredService<QueryShares>();
        TenantScope acme = Scope(test, "acme");
        var taken = new List<Task<RateLimitLease>>();
        for (int i = 0; i < QueryShares.AtOnce + QueryShares.Waiting; i++)
            taken.Add(shares.TakeAsync(acme, cancellationToken).AsTask());

        (int ofAcme, string head, string body) = await test.GetAsync(test.AggregatorHost.Endpoints.Query, "/api/v1/model/namespaces/", "q.acme");
        (int ofGlobex, string _, string _) = await test.GetAsync(test.AggregatorHost.Endpoints.Query, "/api/v1/model/namespaces/", "q.globex");

        Assert.That(ofAcme, Is.EqualTo(429));
        Assert.That(head, Does.Contain("Retry-After: 1"));
        Assert.That(body, Does.Contain("too_many_requests"));
        Assert.That(ofGlobex, Is.EqualTo(200));

        foreach (Task<RateLimitLease> lease in taken)
            (await lease).Dispose(); // each lets the next one in
        (int again, string _, string _) = await test.GetAsync(test.AggregatorHost.Endpoints.Query, "/api/v1/model/namespaces/", "q.acme");
        Assert.That(again, Is.EqualTo(200));
    }

    private static TenantScope Scope(TestAggregator test, string tenant)
    {
        Assert.That(test.Directory.Current.TryGetTenant(TenantName.Parse(tenant), out Tenant? found), Is.True);
        return new TenantScope([TenantGrant.Whole(found!.Uid, Rights.Metrics)]);
    }
}
