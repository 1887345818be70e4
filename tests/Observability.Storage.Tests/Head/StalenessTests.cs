using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Head;

internal sealed class StalenessTests : IDisposable
{
    private static readonly LabelSet Up = Labels("up");
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    private (long AfterMs, double Value)[] Samples => _store.Samples(Scope(Acme), TimeRange.All);

    [Test]
    public async Task A_series_ends_1_ms_after_its_last_sample()
    {
        await _store.WriteAsync(Acme, Up, (0, 1), (15_000, 2));

        WriteResult result = await _store.EndAsync(Acme, Up);

        Assert.That(result.Accepted, Is.EqualTo(1));
        Assert.That(Samples[^1].AfterMs, Is.EqualTo(15_001));
        Assert.That(StaleMarker.Is(Samples[^1].Value), Is.True);
    }

    [Test]
    public async Task A_series_without_samples_does_not_end()
    {
        WriteResult result = await _store.EndAsync(Acme, Up);

        Assert.That(result, Is.EqualTo(default(WriteResult)));
        Assert.That(Samples, Is.Empty);
    }

    [Test]
    public async Task A_series_ends_once()
    {
        await _store.WriteAsync(Acme, Up, (0, 1));
        await _store.EndAsync(Acme, Up);

        WriteResult result = await _store.EndAsync(Acme, Up);

        Assert.That(result, Is.EqualTo(default(WriteResult)));
        Assert.That(Samples, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Samples_of_the_same_batch_come_before_the_end()
    {
        SeriesHandle series = _store.Store.Resolve(Acme, Up);
        using WriteBatch batch = _store.Store.BeginBatch();
        batch.AddStale(series); // has nothing yet: no end
        batch.Add(series, _store.StartMs, 1);
        batch.Add(series, _store.StartMs + 10, 2);
        batch.AddStale(series);
        batch.AddStale(series);

        WriteResult result = await batch.CommitAsync(CancellationToken.None);

        Assert.That(result, Is.EqualTo(new WriteResult(3, 0, 0, 0, 0)));
        Assert.That(Samples.Select(sample => sample.AfterMs), Is.EqualTo(new long[] { 0, 10, 11 }));
    }

    [Test]
    public async Task A_sample_not_after_the_end_is_refused_and_a_redelivered_one_known()
    {
        await _store.WriteAsync(Acme, Up, (1000, 1));
        await _store.EndAsync(Acme, Up);

        WriteResult result = await _store.WriteAsync(Acme, Up, (1000, 1), (1001, 5));

        Assert.That(result, Is.EqualTo(new WriteResult(0, Duplicates: 1, OutOfOrder: 1, 0, 0)));
    }

    [Test]
    public async Task A_series_that_ended_goes_on_with_a_later_sample()
    {
        await _store.WriteAsync(Acme, Up, (0, 1));
        await _store.EndAsync(Acme, Up);

        await _store.WriteAsync(Acme, Up, (15_000, 2));
        await _store.EndAsync(Acme, Up);

        Assert.That(Samples.Select(sample => sample.AfterMs), Is.EqualTo(new long[] { 0, 1, 15_000, 15_001 }));
    }
}
