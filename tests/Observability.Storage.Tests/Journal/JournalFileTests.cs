using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Journal;

/// <summary>When a journal takes batches, when it refuses them, and when its segments go.</summary>
internal sealed class JournalFileTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task A_batch_is_in_the_file_when_its_write_returns()
    {
        await using TestJournal journal = await TestJournal.OpenAsync(_folder);

        await journal.WriteAsync(Acme, (Labels("a"), 1, 1));

        using var segment = new SegmentReader(TestJournal.Segments(_folder)[0]);
        Assert.That(segment.Read(new SegmentWindow()), Is.True);
        Assert.That(segment.GoodLength, Is.EqualTo(segment.Length));
        Assert.That(segment.Partitions, Is.EqualTo(new[] { Acme }));
    }

    [Test]
    public async Task Nothing_is_taken_before_the_replay()
    {
        using StoreDirectory directory = StoreDirectory.Open(_folder.Path, _clock);
        await using var journal = new Observability.Storage.Journal(directory, new JournalOptions(), _clock);

        Assert.That(async () => await journal.WriteAsync([new TestRecord(Acme, [], [(Labels("a"), 1, 1)])], CancellationToken.None),
            Throws.InstanceOf<JournalUnavailableException>().With.Property(nameof(JournalUnavailableException.Refusal)).EqualTo(JournalRefusal.Replaying));
        Assert.That(journal.Unavailable?.Refusal, Is.EqualTo(JournalRefusal.Replaying));
        Assert.That(TestJournal.Segments(_folder), Is.Empty);
    }

    [Test]
    public async Task Nothing_is_taken_after_the_end()
    {
        TestJournal journal = await TestJournal.OpenAsync(_folder);
        await journal.DisposeAsync();

        Assert.That(async () => await journal.WriteAsync(Acme, (Labels("a"), 1, 1)),
            Throws.InstanceOf<JournalUnavailableException>().With.Property(nameof(JournalUnavailableException.Refusal)).EqualTo(JournalRefusal.Closed));
    }

    [Test]
    public async Task Writes_are_refused_before_the_disk_is_full_and_taken_again_when_there_is_room()
    {
        long free = 2000;
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder, new JournalOptions { ReserveBytes = 1000 }, _clock, () => free))
        {
            await journal.WriteAsync(Acme, (Labels("a"), 1, 1));
            free = 999;
            _clock.Advance(TimeSpan.FromSeconds(1)); // the disk is looked at once a second

            Assert.That(async () => await journal.WriteAsync(Acme, (Labels("a"), 2, 2)),
                Throws.InstanceOf<JournalUnavailableException>().With.Property(nameof(JournalUnavailableException.Refusal)).EqualTo(JournalRefusal.DiskFull));
            Assert.That(journal.Journal.Unavailable?.Refusal, Is.EqualTo(JournalRefusal.DiskFull));
            free = 2000;
            Assert.That(journal.Journal.Unavailable, Is.Null);
            await journal.WriteAsync(Acme, (Labels("a"), 3, 3));
        }
        await using TestJournal next = await TestJournal.OpenAsync(_folder);

        Assert.That(next.Replayed.Of(Acme).Select(sample => sample.TimestampMs), Is.EqualTo(new[] { 1L, 3L }));
    }

    [Test]
    public async Task What_is_written_counts_against_the_reserve_between_two_looks_at_the_disk()
    {
        int looks = 0;
        await using TestJournal journal = await TestJournal.OpenAsync(_folder, new JournalOptions { ReserveBytes = 1000 }, _clock, () => looks++ == 0 ? 1200 : 900);

        int taken = 0;
        Assert.That(async () =>
        {
            for (; taken < 100; taken++)
                await journal.WriteAsync(Acme, (Labels("a"), taken, taken));
        }, Throws.InstanceOf<JournalUnavailableException>());

        Assert.That(taken, Is.InRange(1, 20));
    }

    [Test]
    public async Task With_a_sync_for_every_batch_a_write_returns_after_its_sync()
    {
        using var meters = new RecordedMeters();
        using StoreDirectory directory = StoreDirectory.Open(_folder.Path, _clock);
        await using var journal = new Observability.Storage.Journal(directory, new JournalOptions { SyncEveryBatch = true }, _clock, meters);
        await journal.ReplayAsync(new RecordedReplay(), CancellationToken.None);

        await journal.WriteAsync([new TestRecord(Acme, [], [(Labels("a"), 1, 1)])], CancellationToken.None);

        Assert.That(meters.CountOf("store.journal.sync.duration"), Is.EqualTo(1));
    }

    [Test]
    public async Task Otherwise_a_write_waits_for_no_sync_and_the_sync_follows_after_its_interval()
    {
        using var meters = new RecordedMeters();
        using StoreDirectory directory = StoreDirectory.Open(_folder.Path, _clock);
        await using var journal = new Observability.Storage.Journal(directory, new JournalOptions(), _clock, meters);
        await journal.ReplayAsync(new RecordedReplay(), CancellationToken.None);

        await journal.WriteAsync([new TestRecord(Acme, [], [(Labels("a"), 1, 1)])], CancellationToken.None);
        int before = meters.CountOf("store.journal.sync.duration");
        Task synced = meters.WaitForAsync("store.journal.sync.duration");
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(before, Is.Zero);
        Assert.That(async () => await synced.WaitAsync(TimeSpan.FromSeconds(60)), Throws.Nothing);
    }

    [Test]
    public async Task A_segment_goes_once_all_its_samples_are_in_blocks()
    {
        await using TestJournal journal = await TestJournal.OpenAsync(_folder, clock: _clock);
        await journal.WriteAsync(Acme, (Labels("a"), 1_000, 1));
        await journal.WriteAsync(Globex, (Labels("a"), 2_000, 1));
        await journal.Journal.RollAsync();
        await journal.WriteAsync(Acme, (Labels("a"), 3_000, 1));
        await journal.Journal.RollAsync();

        int early = await journal.Journal.CutAsync(partition => partition == Acme ? 1_001 : 2_000);
        int first = await journal.Journal.CutAsync(partition => partition == Acme ? 1_001 : 2_001);

        Assert.That((early, first), Is.EqualTo((0, 1)));
        Assert.That(TestJournal.Segments(_folder).Select(Path.GetFileName), Is.EqualTo(new[] { "00000002.log" }));
    }

    [Test]
    public async Task A_segment_that_is_being_written_goes_once_it_is_old()
    {
        await using TestJournal journal = await TestJournal.OpenAsync(_folder, new JournalOptions { SegmentAge = TimeSpan.FromHours(1) }, _clock);
        await journal.WriteAsync(Acme, (Labels("a"), 1_000, 1));

        int young = await journal.Journal.CutAsync(_ => long.MaxValue);
        _clock.Advance(TimeSpan.FromMinutes(61));
        int old = await journal.Journal.CutAsync(_ => long.MaxValue);

        Assert.That((young, old), Is.EqualTo((0, 1)));
        Assert.That(TestJournal.Segments(_folder), Is.Empty);
    }

    [Test]
    public async Task The_segments_of_an_earlier_process_are_cut_as_well()
    {
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder, clock: _clock))
            await journal.WriteAsync(Acme, (Labels("a"), 1_000, 1));
        await using TestJournal next = await TestJournal.OpenAsync(_folder, clock: _clock);

        int early = await next.Journal.CutAsync(_ => 1_000);
        int late = await next.Journal.CutAsync(_ => 1_001);

        Assert.That((early, late), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Many_writers_at_once_lose_nothing()
    {
        await using (TestJournal journal = await TestJournal.OpenAsync(_folder, new JournalOptions { SegmentBytes = 4096 }, _clock))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                var ids = new Dictionary<LabelSet, long> { [Labels("a", ("writer", $"{writer}"))] = writer };
                for (int i = 0; i < 200; i++)
                    await journal.Journal.WriteAsync([new TestRecord(Acme, ids, [(Labels("a", ("writer", $"{writer}")), i, i)])], CancellationToken.None);
            })));
        }
        await using TestJournal next = await TestJournal.OpenAsync(_folder);

        Assert.That(next.Replayed.Of(Acme).GroupBy(sample => sample.Labels).Select(series => series.Select(sample => sample.TimestampMs)),
            Has.Exactly(8).EqualTo(Enumerable.Range(0, 200).Select(i => (long)i)));
    }
}
