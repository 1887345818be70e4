using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Head;

internal sealed class AppendTests : IDisposable
{
    private static readonly LabelSet Up = Labels("up", ("node", "n1"));
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Test]
    public async Task A_committed_sample_can_be_read()
    {
        WriteResult result = await _store.WriteAsync(Acme, Up, (0, 1), (15_000, 2));

        Assert.That(result, Is.EqualTo(new WriteResult(2, 0, 0, 0, 0)));
        Assert.That(_store.Samples(Scope(Acme), TimeRange.All), Is.EqualTo(new[] { (0L, 1.0), (15_000L, 2.0) }));
    }

    [Test]
    public void A_sample_is_invisible_until_it_is_committed()
    {
        using WriteBatch batch = _store.Store.BeginBatch();

        batch.Add(_store.Store.Resolve(Acme, Up), _store.StartMs, 1);

        Assert.That(_store.Select(Scope(Acme)), Is.Empty);
    }

    [Test]
    public async Task A_batch_that_is_disposed_leaves_nothing_in_the_next_one()
    {
        using (WriteBatch discarded = _store.Store.BeginBatch())
            discarded.Add(_store.Store.Resolve(Acme, Up), _store.StartMs, 1);

        using WriteBatch next = _store.Store.BeginBatch();
        WriteResult result = await next.CommitAsync(CancellationToken.None);

        Assert.That(result, Is.EqualTo(default(WriteResult)));
        Assert.That(_store.Select(Scope(Acme)), Is.Empty);
    }

    [Test]
    public async Task A_batch_that_was_given_back_takes_nothing()
    {
        WriteBatch batch = _store.Store.BeginBatch();
        SeriesHandle series = _store.Store.Resolve(Acme, Up);
        batch.Dispose();

        Assert.That(() => batch.Add(series, _store.StartMs, 1), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await batch.CommitAsync(CancellationToken.None), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_series_of_another_store_is_refused()
    {
        using var other = new TestStore();
        using WriteBatch batch = _store.Store.BeginBatch();

        Assert.That(() => batch.Add(other.Store.Resolve(Acme, Up), _store.StartMs, 1), Throws.ArgumentException);
    }

    [Test]
    public async Task The_same_sample_again_is_a_duplicate_wherever_it_stands()
    {
        (long, double)[] samples = [.. Enumerable.Range(0, 300).Select(i => (i * 1000L, (double)i))]; // three chunks
        await _store.WriteAsync(Acme, Up, samples);

        WriteResult again = await _store.WriteAsync(Acme, Up, samples);

        Assert.That(again, Is.EqualTo(new WriteResult(0, 300, 0, 0, 0)));
        Assert.That(_store.Samples(Scope(Acme), TimeRange.All), Is.EqualTo(samples));
    }

    [Test]
    public async Task Another_value_at_a_stored_time_is_out_of_order()
    {
        await _store.WriteAsync(Acme, Up, (0, 1), (1000, 2));

        WriteResult result = await _store.WriteAsync(Acme, Up, (0, 7), (1000, 7));

        Assert.That(result, Is.EqualTo(new WriteResult(0, 0, 2, 0, 0)));
        Assert.That(_store.Samples(Scope(Acme), TimeRange.All), Is.EqualTo(new[] { (0L, 1.0), (1000L, 2.0) }));
    }

    [Test]
    public async Task Zeros_of_both_signs_are_different_values()
    {
        await _store.WriteAsync(Acme, Up, (0, 0.0));

        WriteResult result = await _store.WriteAsync(Acme, Up, (0, -0.0));

        Assert.That(result.OutOfOrder, Is.EqualTo(1));
    }

    [Test]
    public async Task A_time_before_the_head_is_too_old_and_one_far_ahead_too_new()
    {
        WriteResult result = await _store.WriteAsync(Acme, Up,
            (-7_200_001, 1), (-7_200_000, 2), (600_000, 3), (600_001, 4));

        Assert.That(result, Is.EqualTo(new WriteResult(2, 0, 0, TooOld: 1, TooNew: 1)));
        Assert.That(_store.Samples(Scope(Acme), TimeRange.All), Is.EqualTo(new[] { (-7_200_000L, 2.0), (600_000L, 3.0) }));
    }

    [Test]
    public async Task A_range_cuts_samples_at_both_of_its_ends_inclusively()
    {
        await _store.WriteAsync(Acme, Up, [.. Enumerable.Range(0, 500).Select(i => (i * 1000L, (double)i))]);

        var range = new TimeRange(_store.StartMs + 118_000, _store.StartMs + 242_000);

        Assert.That(_store.Samples(Scope(Acme), range), Is.EqualTo(Enumerable.Range(118, 125).Select(i => (i * 1000L, (double)i))));
        Assert.That(_store.Samples(Scope(Acme), new TimeRange(_store.StartMs + 5, _store.StartMs + 4)), Is.Empty);
    }

    [Test]
    public async Task A_selection_does_not_change_when_samples_come_later()
    {
        await _store.WriteAsync(Acme, Up, (0, 1));
        SelectedSeries selected = _store.Select(Scope(Acme))[0];

        await _store.WriteAsync(Acme, Up, (1000, 2));

        var samples = new List<Sample>();
        selected.CopyTo(samples);
        Assert.That(samples, Is.EqualTo(new[] { new Sample(_store.StartMs, 1) }));
    }

    [Test]
    public async Task Nan_payloads_are_kept_bit_for_bit()
    {
        double payload = BitConverter.Int64BitsToDouble(0x7FF8_0000_DEAD_BEEF);

        await _store.WriteAsync(Acme, Up, (0, payload), (1, double.NaN), (2, StaleMarker.Value));

        Assert.That(_store.Samples(Scope(Acme), TimeRange.All).Select(sample => BitConverter.DoubleToInt64Bits(sample.Value)),
            Is.EqualTo(new[] { 0x7FF8_0000_DEAD_BEEF, BitConverter.DoubleToInt64Bits(double.NaN), StaleMarker.Bits }));
    }

    [Test]
    public async Task One_batch_may_hold_many_partitions()
    {
        using WriteBatch batch = _store.Store.BeginBatch();
        for (int i = 0; i < 10; i++)
        {
            batch.Add(_store.Store.Resolve(Acme, Up), _store.StartMs + i, i);
            batch.Add(_store.Store.Resolve(Globex, Up), _store.StartMs + i, -i);
        }

        WriteResult result = await batch.CommitAsync(CancellationToken.None);

        Assert.That(result.Accepted, Is.EqualTo(20));
        Assert.That(_store.Samples(Scope(Acme), TimeRange.All).Sum(sample => sample.Value), Is.EqualTo(45));
        Assert.That(_store.Samples(Scope(Globex), TimeRange.All).Sum(sample => sample.Value), Is.EqualTo(-45));
    }
}
