using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests;

internal sealed class LimitTests
{
    [Test]
    public async Task A_full_partition_refuses_new_series_and_no_other_partition_does()
    {
        using var meters = new RecordedMeters();
        using var store = new TestStore(new StoreOptions { MaxSeriesPerPartition = 2 }, meters: meters);
        await store.WriteAsync(Acme, Labels("a"), (0, 1));
        await store.WriteAsync(Acme, Labels("b"), (0, 1));

        SeriesLimitException refused = Assert.Throws<SeriesLimitException>(() => store.Store.Resolve(Acme, Labels("c", ("only-c", "1"))))!;

        Assert.That((refused.Partition, refused.Limit, refused.Maximum), Is.EqualTo((Acme, SeriesLimit.ActiveSeries, 2)));
        Assert.That(store.Store.LabelNames(Scope(Acme), [], TimeRange.All, default), Is.EqualTo(new[] { "__name__" }));
        Assert.That((await store.WriteAsync(Acme, Labels("a"), (1, 1))).Accepted, Is.EqualTo(1), "a series that is there goes on");
        Assert.That((await store.WriteAsync(Globex, Labels("c"), (0, 1))).Accepted, Is.EqualTo(1));
        Assert.That(meters.Read("store.series.refused limit=active_series"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_forgotten_series_comes_back_only_where_there_is_room()
    {
        using var store = new TestStore(new StoreOptions { MaxSeriesPerPartition = 1 });
        SeriesHandle forgotten = store.Store.Resolve(Acme, Labels("a"));
        await store.WriteAsync(Acme, Labels("a"), (0, 1));
        store.Clock.Advance(TimeSpan.FromHours(3));
        store.Store.Truncate();
        await store.WriteAsync(Acme, Labels("b"), (3 * 3_600_000, 1));

        using WriteBatch batch = store.Store.BeginBatch();
        batch.Add(forgotten, store.StartMs + (3 * 3_600_000), 2);
        WriteResult result = await batch.CommitAsync(CancellationToken.None);

        Assert.That(result, Is.EqualTo(new WriteResult(0, 0, 0, 0, 0, OverLimit: 1)));
        Assert.That(store.SelectNames(Scope(Acme)), Is.EqualTo(new[] { "b{}" }));
    }

    [Test]
    public async Task Samples_over_the_rate_are_refused_and_counted_until_time_has_passed()
    {
        using var store = new TestStore(new StoreOptions { MaxSamplesPerSecond = 1 });
        (long, double)[] samples = [.. Enumerable.Range(0, 100).Select(i => ((long)i, 1.0))];

        WriteResult first = await store.WriteAsync(Acme, Labels("a"), samples);
        store.Clock.Advance(TimeSpan.FromSeconds(10));
        WriteResult second = await store.WriteAsync(Acme, Labels("a"), samples[60..]);

        Assert.That((first.Accepted, first.OverRate), Is.EqualTo((60, 40)));
        Assert.That((second.Accepted, second.OverRate), Is.EqualTo((10, 30)));
        Assert.That(store.Store.Statistics(Scope(Acme)).Writes.OverRate, Is.EqualTo(70));
        Assert.That((await store.WriteAsync(Globex, Labels("a"), samples[..60])).Accepted, Is.EqualTo(60), "another tenant's rate is its own");
    }

    [Test]
    public void New_series_over_the_hours_number_are_refused_and_told_to_the_tenant()
    {
        using var store = new TestStore(new StoreOptions { MaxNewSeriesPerHour = 2 });
        store.Store.Resolve(Acme, Labels("a"));
        store.Store.Resolve(Acme, Labels("b"));

        Assert.That(() => store.Store.Resolve(Acme, Labels("c")), Throws.TypeOf<SeriesLimitException>().With.Property("Limit").EqualTo(SeriesLimit.NewSeriesPerHour));
        Assert.That(() => store.Store.Resolve(Acme, Labels("a")), Throws.Nothing, "one that is there is not new");
        Assert.That(store.Store.Statistics(Scope(Acme)).SeriesRefused, Is.EqualTo(1));
        store.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.That(() => store.Store.Resolve(Acme, Labels("c")), Throws.Nothing);
    }

    [Test]
    public void Labels_that_are_too_many_or_too_long_are_refused()
    {
        using var store = new TestStore(new StoreOptions { MaxLabels = 2, MaxLabelNameBytes = 8, MaxLabelValueBytes = 4 });

        Assert.That(() => store.Store.Resolve(Acme, Labels("a", ("b", "1"), ("c", "1"))), Throws.TypeOf<SeriesLimitException>().With.Property("Limit").EqualTo(SeriesLimit.Labels));
        Assert.That(() => store.Store.Resolve(Acme, Labels("a", ("123456789", "1"))), Throws.TypeOf<SeriesLimitException>().With.Property("Limit").EqualTo(SeriesLimit.LabelNameBytes));
        Assert.That(() => store.Store.Resolve(Acme, Labels("a", ("b", "äää"))), Throws.TypeOf<SeriesLimitException>().With.Property("Limit").EqualTo(SeriesLimit.LabelValueBytes));
        Assert.That(() => store.Store.Resolve(Acme, Labels("a", ("b", "ää"))), Throws.Nothing);
    }

    [Test]
    public void A_series_has_a_partition_and_labels()
    {
        using var store = new TestStore();

        Assert.That(() => store.Store.Resolve(default, Labels("a")), Throws.ArgumentException);
        Assert.That(() => store.Store.Resolve(Acme, LabelSet.Empty), Throws.ArgumentException);
    }
}
