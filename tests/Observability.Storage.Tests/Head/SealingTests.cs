using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Head;

internal sealed class SealingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero); // a period of two hours begins
    private static readonly long NoonMs = Noon.ToUnixTimeMilliseconds();

    [Test]
    public async Task What_is_sealed_reads_as_before_and_leaves_memory_and_journal()
    {
        using var folder = new TestFolder();
        var clock = new FakeTimeProvider(Noon);
        await using DurableStore store = await DurableStore.StartAsync(folder, clock);
        await FillAsync(store, clock, hours: 3);
        (string, long, double)[] before = store.Read(Acme);

        store.Store.Seal(CancellationToken.None);
        await store.Journal.RollAsync();
        int cut = await store.Journal.CutAsync(store.Store.DurableBeforeMs);

        Assert.That(store.Read(Acme), Is.EqualTo(before));
        Assert.That(store.Store.DurableBeforeMs(Acme), Is.EqualTo(NoonMs + 7_200_000));
        Assert.That(Directory.GetDirectories(Path.Combine(folder.Path, "partitions", Acme.ToString(), "blocks")), Has.Length.EqualTo(1));
        Assert.That(store.Store.Statistics(Scope(Acme)).Series, Is.EqualTo(4));
        Assert.That(store.Store.Statistics(Scope(Acme)).Samples, Is.EqualTo(before.Length));
        Assert.That(cut, Is.Zero, "the segment also holds what is not sealed");
    }

    [Test]
    public async Task What_was_sealed_and_what_was_not_are_both_there_after_a_restart()
    {
        using var folder = new TestFolder();
        var clock = new FakeTimeProvider(Noon);
        (string, long, double)[] before;
        await using (DurableStore store = await DurableStore.StartAsync(folder, clock))
        {
            await FillAsync(store, clock, hours: 3);
            before = store.Read(Acme);
            store.Store.Seal(CancellationToken.None);
        }

        await using DurableStore next = await DurableStore.StartAsync(folder, clock);

        Assert.That(next.Read(Acme), Is.EqualTo(before));
        clock.Advance(TimeSpan.FromHours(2));
        next.Store.Seal(CancellationToken.None);
        Assert.That(next.Read(Acme), Is.EqualTo(before));
        Assert.That(next.Store.Select(Scope(Acme), [Matcher.Equal("__name__", "late")], TimeRange.All, default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_period_is_sealed_only_when_its_delay_has_passed()
    {
        using var folder = new TestFolder();
        var clock = new FakeTimeProvider(Noon);
        await using DurableStore store = await DurableStore.StartAsync(folder, clock);
        await store.WriteAsync(Acme, Labels("up"), (NoonMs, 1));

        clock.Advance(TimeSpan.FromMinutes(154));
        store.Store.Seal(CancellationToken.None);
        Assert.That(store.Store.DurableBeforeMs(Acme), Is.LessThanOrEqualTo(NoonMs));
        clock.Advance(TimeSpan.FromMinutes(1));
        store.Store.Seal(CancellationToken.None);

        Assert.That(store.Store.DurableBeforeMs(Acme), Is.EqualTo(NoonMs + 7_200_000));
    }

    [Test]
    public async Task A_series_that_was_selected_before_a_sealing_reads_the_same_after_it()
    {
        using var folder = new TestFolder();
        var clock = new FakeTimeProvider(Noon);
        await using DurableStore store = await DurableStore.StartAsync(folder, clock);
        await FillAsync(store, clock, hours: 3);
        IReadOnlyList<SelectedSeries> selected = store.Store.Select(Scope(Acme), [], TimeRange.All, default);
        var before = new List<Sample>();
        selected[0].CopyTo(before);

        store.Store.Seal(CancellationToken.None);

        var after = new List<Sample>();
        selected[0].CopyTo(after);
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public async Task A_grant_limited_to_a_namespace_sees_no_more_of_blocks_than_of_memory()
    {
        using var folder = new TestFolder();
        var clock = new FakeTimeProvider(Noon);
        await using DurableStore store = await DurableStore.StartAsync(folder, clock);
        await FillAsync(store, clock, hours: 3);
        TenantScope limited = Limited(Acme, new NamespaceGrant("web", NoonMs + 3_600_000));
        string[] Seen() => [.. store.Store.Select(limited, [], TimeRange.All, default).Select(series =>
        {
            var samples = new List<Sample>();
            series.CopyTo(samples);
            return $"{series.Labels} {samples.Count} {samples[0].TimestampMs}";
        })];
        string[] before = Seen();

        store.Store.Seal(CancellationToken.None);

        Assert.That(before, Is.Not.Empty);
        Assert.That(Seen(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_sample_of_a_sealed_period_is_too_old()
    {
        using var folder = new TestFolder();
        var clock = new FakeTimeProvider(Noon);
        await using DurableStore store = await DurableStore.StartAsync(folder, clock);
        await store.WriteAsync(Acme, Labels("up"), (NoonMs + 7_000_000, 1));
        clock.Advance(TimeSpan.FromMinutes(155));
        store.Store.Seal(CancellationToken.None);

        using WriteBatch batch = store.Store.BeginBatch();
        batch.Add(store.Store.Resolve(Acme, Labels("up")), NoonMs + 7_100_000, 1);
        WriteResult result = await batch.CommitAsync(CancellationToken.None);

        Assert.That(result.TooOld, Is.EqualTo(1));
    }

    // Two series of one rhythm, one with another, one that comes late; one ends in the first period.
    private static async Task FillAsync(DurableStore store, FakeTimeProvider clock, int hours)
    {
        for (int i = 0; i < hours * 60; i++)
        {
            long nowMs = NoonMs + (i * 60_000L);
            await store.WriteAsync(Acme, Labels("a", ("namespace", "web")), (nowMs + (i % 7), i));
            await store.WriteAsync(Acme, Labels("b", ("namespace", "batch")), (nowMs + (i % 7), i * 0.125));
            if (i < 30)
                await store.WriteAsync(Acme, Labels("ends", ("namespace", "web")), (nowMs, i));
            await store.WriteAsync(Acme, Labels("late"), (nowMs, i));
            if (i % 10 == 9)
                await store.WriteAsync(Acme, Labels("late"), (nowMs - 30_000, -i));
            clock.Advance(TimeSpan.FromMinutes(1));
        }
    }
}
