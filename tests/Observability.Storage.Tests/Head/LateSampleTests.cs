using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Head;

internal sealed class LateSampleTests : IDisposable
{
    private static readonly LabelSet Up = Labels("up");
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Test]
    public async Task A_late_sample_inside_the_window_takes_its_place()
    {
        await _store.WriteAsync(Acme, Up, (0, 1), (60_000, 2));

        WriteResult result = await _store.WriteAsync(Acme, Up, (30_000, 7));

        Assert.That(result, Is.EqualTo(new WriteResult(1, 0, 0, 0, 0)));
        Assert.That(_store.Samples(Scope(Acme), TimeRange.All), Is.EqualTo(new[] { (0L, 1.0), (30_000L, 7.0), (60_000L, 2.0) }));
    }

    [Test]
    public async Task A_late_sample_can_be_the_first()
    {
        await _store.WriteAsync(Acme, Up, (60_000, 2));

        await _store.WriteAsync(Acme, Up, (0, 1));

        Assert.That(_store.Samples(Scope(Acme), new TimeRange(_store.StartMs, _store.StartMs)), Is.EqualTo(new[] { (0L, 1.0) }));
    }

    [Test]
    public async Task A_sample_later_than_the_window_is_refused_and_one_at_its_edge_taken()
    {
        await _store.WriteAsync(Acme, Up, (600_000, 1));

        WriteResult result = await _store.WriteAsync(Acme, Up, (-1, 1), (0, 1));

        Assert.That(result, Is.EqualTo(new WriteResult(1, 0, OutOfOrder: 1, 0, 0)));
    }

    [Test]
    public async Task The_same_late_sample_again_is_a_duplicate_and_another_value_is_refused()
    {
        await _store.WriteAsync(Acme, Up, (0, 1), (60_000, 2));
        await _store.WriteAsync(Acme, Up, (30_000, 7));

        WriteResult result = await _store.WriteAsync(Acme, Up, (30_000, 7), (30_000, 8));

        Assert.That(result, Is.EqualTo(new WriteResult(0, Duplicates: 1, OutOfOrder: 1, 0, 0)));
    }

    [Test]
    public async Task A_sample_that_was_delivered_before_is_a_duplicate_however_old_it_is()
    {
        (long, double)[] samples = [.. Enumerable.Range(0, 400).Select(i => (-7_000_000L + (i * 15_000L), (double)i))];
        await _store.WriteAsync(Acme, Up, samples);

        WriteResult result = await _store.WriteAsync(Acme, Up, samples);

        Assert.That(result, Is.EqualTo(new WriteResult(0, Duplicates: 400, 0, 0, 0)));
    }

    [Test]
    public async Task Late_samples_go_with_the_rest()
    {
        await _store.WriteAsync(Acme, Up, (0, 1), (60_000, 2));
        await _store.WriteAsync(Acme, Up, (30_000, 7));

        _store.Clock.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(45));
        _store.Store.Truncate();

        Assert.That(_store.Samples(Scope(Acme), TimeRange.All), Has.None.EqualTo((30_000L, 7.0)));
        Assert.That(_store.Samples(Scope(Acme), TimeRange.All), Has.Some.EqualTo((60_000L, 2.0)));
    }

    [Test]
    public async Task A_series_keeps_a_bounded_number_of_late_samples()
    {
        await _store.WriteAsync(Acme, Up, (600_000, 1));

        WriteResult result = await _store.WriteAsync(Acme, Up, [.. Enumerable.Range(0, 5000).Select(i => ((long)i, 1.0))]);

        Assert.That(result, Is.EqualTo(new WriteResult(4096, 0, OutOfOrder: 904, 0, 0)));
    }
}
