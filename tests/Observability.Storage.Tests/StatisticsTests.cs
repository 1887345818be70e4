using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests;

internal sealed class StatisticsTests
{
    [Test]
    public async Task A_scope_is_told_what_it_opens()
    {
        using var store = new TestStore();
        await store.WriteAsync(Acme, Labels("cpu", ("namespace", "web"), ("pod", "a")), (0, 1), (1, 1), (2, 1), (1, 5));
        await store.WriteAsync(Acme, Labels("cpu", ("namespace", "batch"), ("pod", "b")), (0, 1));
        await store.WriteAsync(Globex, Labels("cpu", ("namespace", "prod"), ("pod", "c"), ("zone", "z")), (0, 1));

        StoreStatistics tenant = store.Store.Statistics(Scope(Acme));
        StoreStatistics limited = store.Store.Statistics(Limited(Acme, new NamespaceGrant("web", store.StartMs + 1)));

        Assert.That((tenant.Series, tenant.Samples, tenant.Chunks), Is.EqualTo((2L, 4L, 2L)));
        Assert.That(tenant.SizeBytes, Is.InRange(2 * 8, 2 * 16));
        Assert.That(tenant.Writes, Is.EqualTo(new StoreWrites(4, 0, 1, 0, 0, 0)));
        Assert.That(tenant.TopLabels, Is.EqualTo(new LabelCardinality[] { new("namespace", 2), new("pod", 2), new("__name__", 1) }));
        Assert.That((limited.Series, limited.Samples, limited.Chunks, limited.SizeBytes), Is.EqualTo((1L, 2L, 0L, 0L)));
        Assert.That(limited.Writes, Is.EqualTo(default(StoreWrites)));
    }

    [Test]
    public async Task The_stores_own_metrics_count_outcomes_and_name_no_tenant()
    {
        using var meters = new RecordedMeters();
        using var store = new TestStore(meters: meters);

        await store.WriteAsync(Acme, Labels("up"), (0, 1), (0, 1), (0, 2), (-8_000_000, 1), (8_000_000, 1));
        await store.WriteAsync(Globex, Labels("up"), (0, 1));

        Assert.That(meters.Read("store.samples outcome=accepted"), Is.EqualTo(2));
        Assert.That(meters.Read("store.samples outcome=duplicate"), Is.EqualTo(1));
        Assert.That(meters.Read("store.samples outcome=out_of_order"), Is.EqualTo(1));
        Assert.That(meters.Read("store.samples outcome=too_old"), Is.EqualTo(1));
        Assert.That(meters.Read("store.samples outcome=too_new"), Is.EqualTo(1));
        Assert.That(meters.Read("store.partitions"), Is.EqualTo(2));
        Assert.That(meters.Read("store.series"), Is.EqualTo(2));
        Assert.That(meters.Read("store.chunks.size"), Is.GreaterThan(0));
        Assert.That(meters.Tags, Is.All.StartsWith("outcome="));
    }
}
