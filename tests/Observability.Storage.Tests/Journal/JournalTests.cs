using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests.Journal;

internal sealed class JournalTests : IDisposable
{
    private readonly RecordedJournal _journal = new();
    private readonly TestStore _store;

    public JournalTests() => _store = new TestStore(journal: _journal);

    public void Dispose() => _store.Dispose();

    [Test]
    public async Task A_batch_is_journaled_before_it_is_visible()
    {
        _journal.BeforeReturn = () => Assert.That(_store.Select(Scope(Acme)), Is.Empty);

        await _store.WriteAsync(Acme, Labels("up"), (0, 1));

        Assert.That(_journal.Lines, Is.EqualTo(new[] { $"{Acme} new 1 up{{}}", $"{Acme} 1 @0 1" }));
        Assert.That(_store.Select(Scope(Acme)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_series_is_defined_once_and_before_its_samples()
    {
        await _store.WriteAsync(Acme, Labels("up"), (0, 1), (1, 2));
        await _store.WriteAsync(Acme, Labels("up"), (2, 3));
        await _store.EndAsync(Acme, Labels("up"));

        Assert.That(_journal.Lines, Is.EqualTo(new[] { $"{Acme} new 1 up{{}}", $"{Acme} 1 @0 1", $"{Acme} 1 @1 2", $"{Acme} 1 @2 3", $"{Acme} 1 @3 NaN" }));
    }

    [Test]
    public async Task A_batch_has_one_record_for_each_partition()
    {
        using WriteBatch batch = _store.Store.BeginBatch();
        batch.Add(_store.Store.Resolve(Acme, Labels("a")), _store.StartMs, 1);
        batch.Add(_store.Store.Resolve(Globex, Labels("a")), _store.StartMs, 2);
        batch.Add(_store.Store.Resolve(Acme, Labels("a")), _store.StartMs + 1, 3);
        await batch.CommitAsync(CancellationToken.None);

        Assert.That(_journal.Writes, Is.EqualTo(1));
        Assert.That(_journal.Lines, Is.EqualTo(new[]
        {
            $"{Acme} new 1 a{{}}", $"{Acme} 1 @0 1", $"{Acme} 1 @1 3",
            $"{Globex} new 1 a{{}}", $"{Globex} 1 @0 2",
        }));
    }

    [Test]
    public async Task What_the_store_does_not_take_is_not_journaled()
    {
        await _store.WriteAsync(Acme, Labels("up"), (-8_000_000, 1), (8_000_000, 1));

        Assert.That(_journal.Writes, Is.Zero);
    }

    [Test]
    public async Task When_the_journal_fails_nothing_is_visible_and_the_batch_can_be_committed_again()
    {
        using WriteBatch batch = _store.Store.BeginBatch();
        batch.Add(_store.Store.Resolve(Acme, Labels("up")), _store.StartMs, 1);
        _journal.BeforeReturn = () => throw new IOException("No space left");

        Assert.That(async () => await batch.CommitAsync(CancellationToken.None), Throws.InstanceOf<IOException>());
        Assert.That(_store.Select(Scope(Acme)), Is.Empty);
        _journal.BeforeReturn = () => { };
        WriteResult result = await batch.CommitAsync(CancellationToken.None);

        Assert.That(result.Accepted, Is.EqualTo(1));
        Assert.That(_journal.Lines.Count(line => line.Contains("new", StringComparison.Ordinal)), Is.EqualTo(2), "a definition whose write failed is written again");
    }

    private sealed class RecordedJournal : IJournal
    {
        private long? _firstMs;

        public List<string> Lines { get; } = [];

        public int Writes { get; private set; }

        public Action BeforeReturn { get; set; } = () => { };

        public async ValueTask WriteAsync(IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Writes++;
            foreach (JournalRecord record in batch.OrderBy(record => record.Partition))
            {
                Lines.AddRange(record.NewSeries.Select(series => $"{record.Partition} new {series.Id} {series.Labels}"));
                for (int i = 0; i < record.SampleCount; i++)
                {
                    JournalSample sample = record.Sample(i);
                    _firstMs ??= sample.TimestampMs;
                    Lines.Add(FormattableString.Invariant($"{record.Partition} {sample.SeriesId} @{sample.TimestampMs - _firstMs} {sample.Value}"));
                }
            }
            BeforeReturn();
        }
    }
}
