using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Head;

internal sealed class TruncateTests : IDisposable
{
    private static readonly LabelSet Up = Labels("up", ("pod", "web-1"));
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    private StoreStatistics Statistics => _store.Store.Statistics(Scope(Acme));

    [Test]
    public async Task Chunks_older_than_the_head_are_dropped_and_newer_ones_kept()
    {
        for (int minute = 0; minute < 180; minute++)
        {
            await _store.WriteAsync(Acme, Up, [.. Enumerable.Range(0, 4).Select(i => (minute * 60_000L + (i * 15_000L), (double)minute))]);
            _store.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        _store.Store.Truncate();

        (long AfterMs, double Value)[] samples = _store.Samples(Scope(Acme), TimeRange.All);
        Assert.That(samples[^1].AfterMs, Is.EqualTo(180 * 60_000 - 15_000));
        Assert.That(samples[0].AfterMs, Is.GreaterThan(30 * 60_000 - 1).And.LessThanOrEqualTo(60 * 60_000), "a chunk of 30 minutes may reach back");
        Assert.That(samples.Zip(samples.Skip(1)).All(pair => pair.Second.AfterMs - pair.First.AfterMs == 15_000), Is.True);
    }

    [Test]
    public async Task A_series_without_anything_for_the_heads_range_is_forgotten_with_its_labels_and_memory()
    {
        await _store.WriteAsync(Acme, Up, [.. Enumerable.Range(0, 500).Select(i => (i * 15L, i * 1.5))]);
        await _store.EndAsync(Acme, Up);
        await _store.WriteAsync(Acme, Labels("other", ("node", "n1")), (0, 1));

        _store.Clock.Advance(TimeSpan.FromMinutes(110));
        await _store.WriteAsync(Acme, Labels("other", ("node", "n1")), (110 * 60_000, 1));
        _store.Clock.Advance(TimeSpan.FromMinutes(11));
        _store.Store.Truncate();

        Assert.That(_store.SelectNames(Scope(Acme)), Is.EqualTo(new[] { """other{node="n1"}""" }));
        Assert.That(_store.Store.LabelNames(Scope(Acme), [], TimeRange.All, CancellationToken.None), Is.EqualTo(new[] { "__name__", "node" }));
        Assert.That(Statistics.Series, Is.EqualTo(1));
        Assert.That(Statistics.Samples, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public async Task All_chunk_memory_comes_back_when_everything_is_old()
    {
        using var meters = new RecordedMeters();
        using var store = new TestStore(meters: meters);
        for (int series = 0; series < 200; series++)
            await store.WriteAsync(Acme, Labels("up", ("pod", $"web-{series}")), [.. Enumerable.Range(0, 300).Select(i => (i * 1000L, Math.Sqrt(i)))]);
        Assert.That(meters.Read("store.chunks.size"), Is.GreaterThan(200 * 300));

        store.Clock.Advance(TimeSpan.FromHours(3));
        store.Store.Truncate();

        Assert.That(meters.Read("store.chunks.size"), Is.Zero);
        Assert.That(meters.Read("store.series"), Is.Zero);
    }

    [Test]
    public async Task A_series_that_is_written_rarely_loses_its_early_samples_all_the_same()
    {
        await _store.WriteAsync(Acme, Up, (0, 1));

        for (int hour = 1; hour < 10; hour++)
        {
            _store.Clock.Advance(TimeSpan.FromHours(1));
            await _store.WriteAsync(Acme, Up, (hour * 3_600_000L, hour));
            _store.Store.Truncate();
        }

        Assert.That(_store.Samples(Scope(Acme), TimeRange.All).Select(sample => sample.Value), Is.EqualTo(new[] { 6.0, 7.0, 8.0, 9.0 }));
    }

    [Test]
    public async Task A_series_that_was_just_resolved_is_not_forgotten_at_once()
    {
        SeriesHandle series = _store.Store.Resolve(Acme, Up);

        _store.Store.Truncate();
        using WriteBatch batch = _store.Store.BeginBatch();
        batch.Add(series, _store.StartMs, 1);
        await batch.CommitAsync(CancellationToken.None);

        Assert.That(_store.Select(Scope(Acme)), Has.Count.EqualTo(1));
        Assert.That(_store.Store.Resolve(Acme, Up), Is.SameAs(series));
    }

    [Test]
    public async Task The_handle_of_a_forgotten_series_goes_on()
    {
        SeriesHandle series = _store.Store.Resolve(Acme, Up);
        await _store.WriteAsync(Acme, Up, (0, 1));
        _store.Clock.Advance(TimeSpan.FromHours(3));
        _store.Store.Truncate();
        Assert.That(_store.Select(Scope(Acme)), Is.Empty);

        using WriteBatch batch = _store.Store.BeginBatch();
        batch.Add(series, _store.StartMs + (3 * 3_600_000), 2);
        WriteResult result = await batch.CommitAsync(CancellationToken.None);

        Assert.That(result.Accepted, Is.EqualTo(1));
        Assert.That(_store.Samples(Scope(Acme), TimeRange.All, Matcher.Equal("pod", "web-1")), Is.EqualTo(new[] { (3 * 3_600_000L, 2.0) }));
    }

    [Test]
    public async Task The_handle_of_a_forgotten_series_writes_to_the_one_that_took_its_place()
    {
        SeriesHandle old = _store.Store.Resolve(Acme, Up);
        await _store.WriteAsync(Acme, Up, (0, 1));
        _store.Clock.Advance(TimeSpan.FromHours(3));
        _store.Store.Truncate();
        const long Now = 3 * 3_600_000;
        await _store.WriteAsync(Acme, Up, (Now, 2));

        using WriteBatch batch = _store.Store.BeginBatch();
        batch.Add(old, _store.StartMs + Now + 1000, 3);
        batch.AddStale(old);
        WriteResult result = await batch.CommitAsync(CancellationToken.None);

        Assert.That(result.Accepted, Is.EqualTo(2));
        Assert.That(_store.Samples(Scope(Acme), TimeRange.All).Select(sample => sample.AfterMs), Is.EqualTo(new[] { Now, Now + 1000, Now + 1001 }));
    }

    [Test]
    public async Task Places_of_forgotten_series_are_used_again_without_mixing_series_up()
    {
        const int Pods = 40;
        for (int hour = 0; hour < 60; hour += 3)
        {
            // What stays is written every time; the rest is new every time.
            for (int pod = 0; pod < Pods; pod++)
            {
                await _store.WriteAsync(Acme, Labels("stays", ("pod", $"p{pod}")), (hour * 3_600_000L, pod));
                await _store.WriteAsync(Acme, Labels("goes", ("pod", $"p{pod}"), ("hour", $"{hour}")), (hour * 3_600_000L, hour));
            }
            _store.Store.Truncate();

            Assert.That(_store.Select(Scope(Acme), Matcher.Equal("__name__", "stays")), Has.Count.EqualTo(Pods));
            Assert.That(_store.Select(Scope(Acme), Matcher.Equal("hour", $"{hour}")), Has.Count.EqualTo(Pods));
            Assert.That(_store.Select(Scope(Acme), Matcher.Equal("pod", "p7")), Has.Count.EqualTo(2));
            Assert.That(_store.Samples(Scope(Acme), TimeRange.All, Matcher.Equal("pod", "p7"), Matcher.Equal("hour", $"{hour}")).Single().Value, Is.EqualTo(hour));
            _store.Clock.Advance(TimeSpan.FromHours(3));
        }
    }
}
