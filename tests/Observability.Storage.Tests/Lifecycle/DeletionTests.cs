using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using Observability.Storage.Blocks;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Lifecycle;

/// <summary>A tenant's data is deleted while others, and it itself, go on.</summary>
internal sealed class DeletionTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private long NowMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Nothing_of_the_tenant_can_be_read_any_more_and_all_of_the_others_can()
    {
        await using DurableStore store = await StartWithBothAsync();
        WriteBlock(store, Acme);
        var held = new List<BlockSeries>();
        store.Blocks.Of(Acme).Select(null, [], TimeRange.All, held, CancellationToken.None);

        await store.Lifecycle.DeleteAsync(Acme, CancellationToken.None);

        Assert.That(store.Read(Acme), Is.Empty);
        Assert.That(store.Store.Statistics(Scope(Acme)).Series, Is.Zero);
        Assert.That(store.Store.LabelNames(Scope(Acme), [], TimeRange.All, CancellationToken.None), Is.Empty);
        Assert.That(store.Read(Globex), Has.Length.EqualTo(1));
        Assert.That(Directory.Exists(Path.Combine(store.Directory.PartitionsPath, Acme.ToString())), Is.False);
        Assert.That(() => held.Single().Read(TimeRange.All, new SampleColumns()), Throws.InstanceOf<DataRemovedException>());
        Assert.That(store.Blocks.Of(Acme).Live, Is.Empty, "it begins anew");
    }

    [Test]
    public async Task A_snapshot_is_whole_while_blocks_are_merged_and_removed()
    {
        using var elsewhere = new TestFolder();
        await using (DurableStore store = await StartWithBothAsync())
        {
            for (int hour = 0; hour < 12; hour += 2)
                WriteBlock(store, Acme, hour);
            Task upkeep = Task.Run(() => store.Lifecycle.UpkeepAsync(CancellationToken.None));
            string snapshot = await store.Lifecycle.SnapshotAsync(CancellationToken.None);
            await upkeep;
            TestFolder.Copy(snapshot, elsewhere.Path);
        }

        await using DurableStore restored = await DurableStore.StartAsync(elsewhere, _clock);

        var series = new List<BlockSeries>();
        restored.Blocks.Of(Acme).Select(null, [], TimeRange.All, series, CancellationToken.None);
        var samples = new SampleColumns();
        series.Single().Read(TimeRange.All, samples);
        Assert.That(samples.Count, Is.EqualTo(6));
        Assert.That(Directory.Exists(Path.Combine(restored.Directory.PartitionPath(Acme), "quarantine")), Is.False);
    }

    [Test]
    public async Task Retention_is_each_tenants_own_by_time_and_by_size()
    {
        await using DurableStore store = await DurableStore.StartAsync(_folder, _clock, retention: new RetentionOptions { Time = TimeSpan.FromHours(30) });
        WriteBlock(store, Acme, hour: -40);
        WriteBlock(store, Acme, hour: -2);
        WriteBlock(store, Globex, hour: -2);

        await store.Lifecycle.UpkeepAsync(CancellationToken.None);
        int byTime = store.Blocks.Of(Acme).Live.Count;
        store.Blocks.Upkeep(new RetentionOptions { Bytes = store.Blocks.Of(Acme).SizeBytes }, CancellationToken.None);
        int fitting = store.Blocks.Of(Acme).Live.Count;
        store.Blocks.Upkeep(new RetentionOptions { Bytes = 1 }, CancellationToken.None);

        Assert.That((byTime, fitting), Is.EqualTo((1, 1)));
        Assert.That(store.Blocks.Of(Acme).Live, Is.Empty);
    }

    private void WriteBlock(DurableStore store, TenantUid tenant, int hour = 0)
    {
        long from = (NowMs / 7_200_000 * 7_200_000) + (hour * 3_600_000L);
        using BlockWriter writer = store.Blocks.Of(tenant).BeginBlock(new TimeRange(from, from + 7_199_999));
        writer.BeginSeries(Labels("sealed"));
        writer.AddRun(writer.AddTimes([from]), 0, [1]);
        writer.Finish();
    }

    [Test]
    public async Task Nor_can_it_after_a_restart()
    {
        await using (DurableStore store = await StartWithBothAsync())
            await store.Lifecycle.DeleteAsync(Acme, CancellationToken.None);

        await using DurableStore next = await DurableStore.StartAsync(_folder, _clock);

        Assert.That(next.Read(Acme), Is.Empty);
        Assert.That(next.Read(Globex), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_query_that_holds_series_of_the_tenant_ends_with_an_error()
    {
        await using DurableStore store = await StartWithBothAsync();
        SelectedSeries held = store.Store.Select(Scope(Acme), [], TimeRange.All, CancellationToken.None)[0];

        await store.Lifecycle.DeleteAsync(Acme, CancellationToken.None);

        Assert.That(() => held.CopyTo([]), Throws.InstanceOf<DataRemovedException>());
    }

    [Test]
    public async Task A_batch_for_the_tenant_is_refused_and_its_series_begin_anew_when_resolved_anew()
    {
        await using (DurableStore store = await StartWithBothAsync())
        {
            SeriesHandle held = store.Store.Resolve(Acme, Labels("up"));
            using (WriteBatch batch = store.Store.BeginBatch())
            {
                batch.Add(held, NowMs + 1, 7);
                await store.Lifecycle.DeleteAsync(Acme, CancellationToken.None);

                Assert.That(async () => await batch.CommitAsync(CancellationToken.None),
                    Throws.InstanceOf<JournalUnavailableException>().With.Property(nameof(JournalUnavailableException.Refusal)).EqualTo(JournalRefusal.TenantDeleted));
            }
            Assert.That(held.IsDeleted, Is.True);
            await store.WriteAsync(Acme, Labels("up"), (NowMs + 2, 8));
        }
        await using DurableStore next = await DurableStore.StartAsync(_folder, _clock);

        Assert.That(next.Read(Acme), Is.EqualTo(new[] { ("up{}", NowMs + 2, 8.0) }));
    }

    [Test]
    public async Task While_batches_come_without_pause_nothing_from_before_the_deletion_is_there_after_a_restart()
    {
        long last = 0;
        long deletedAfter;
        await using (DurableStore store = await StartWithBothAsync())
        {
            using var stop = new CancellationTokenSource();
            Task[] writers = [.. Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        long time = NowMs + Interlocked.Increment(ref last);
                        await store.WriteAsync(Acme, Labels("up", ("writer", $"{writer}")), (time, writer));
                    }
                    catch (JournalUnavailableException)
                    {
                        // As a sender would be told: to come back.
                    }
                }
            }))];
            await Until(() => Interlocked.Read(ref last) > 500);
            long begun = Interlocked.Read(ref last);
            await store.Lifecycle.DeleteAsync(Acme, CancellationToken.None);
            deletedAfter = NowMs + begun;
            long ended = Interlocked.Read(ref last);
            await Until(() => Interlocked.Read(ref last) > ended + 500);
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }
        await using DurableStore next = await DurableStore.StartAsync(_folder, _clock);

        (string, long TimestampMs, double)[] left = next.Read(Acme);
        Assert.That(left, Is.Not.Empty);
        // One batch of each writer was perhaps counted and not yet written when the deletion began.
        Assert.That(left.Min(sample => sample.TimestampMs), Is.GreaterThan(deletedAfter - 4));
    }

    [Test]
    public async Task A_deletion_outlives_the_restore_of_a_snapshot_that_was_made_before_it()
    {
        string snapshot;
        await using (DurableStore store = await StartWithBothAsync())
        {
            snapshot = await store.Lifecycle.SnapshotAsync(CancellationToken.None);
            await store.WriteAsync(Globex, Labels("later"), (NowMs, 1));
            await store.Lifecycle.DeleteAsync(Acme, CancellationToken.None);
        }
        Directory.Delete(_folder["journal"], recursive: true);
        Directory.Delete(_folder["partitions"], recursive: true);
        TestFolder.Copy(snapshot, _folder.Path);

        await using DurableStore restored = await DurableStore.StartAsync(_folder, _clock);

        Assert.That(restored.Read(Acme), Is.Empty);
        Assert.That(restored.Read(Globex), Is.EqualTo(new[] { ("up{}", NowMs, 2.0) }), "as it was when the snapshot was made");
    }

    [Test]
    public async Task A_snapshot_holds_everything_that_was_acknowledged_and_restores_elsewhere()
    {
        using var elsewhere = new TestFolder();
        await using (DurableStore store = await StartWithBothAsync())
        {
            TestFolder.Copy(await store.Lifecycle.SnapshotAsync(CancellationToken.None), elsewhere.Path);
            await store.Journal.CutAsync(_ => long.MaxValue);
        }

        await using DurableStore restored = await DurableStore.StartAsync(elsewhere, _clock);

        Assert.That(restored.Read(Acme), Is.EqualTo(new[] { ("up{}", NowMs, 1.0) }));
        Assert.That(restored.Read(Globex), Is.EqualTo(new[] { ("up{}", NowMs, 2.0) }));
    }

    private async Task<DurableStore> StartWithBothAsync()
    {
        DurableStore store = await DurableStore.StartAsync(_folder, _clock);
        await store.WriteAsync(Acme, Labels("up"), (NowMs, 1));
        await store.WriteAsync(Globex, Labels("up"), (NowMs, 2));
        return store;
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
            await Task.Yield();
    }
}
