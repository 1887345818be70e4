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

        Assert.That(_journal.Lines, Is.EqualTo(new[] { $"{Acme} up{{}} @0 1" }));
        Assert.That(_store.Select(Scope(Acme)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Neighbours_with_one_time_are_one_run()
    {
        using WriteBatch batch = _store.Store.BeginBatch();
        batch.Add(_store.Store.Resolve(Acme, Labels("a")), _store.StartMs, 1);
        batch.Add(_store.Store.Resolve(Acme, Labels("b")), _store.StartMs, 2);
        batch.Add(_store.Store.Resolve(Acme, Labels("c")), _store.StartMs + 1, 3);
        await batch.CommitAsync(CancellationToken.None);

        Assert.That(_journal.Runs, Is.EqualTo(new[] { new JournalRun(_store.StartMs, 2), new JournalRun(_store.StartMs + 1, 1) }));
    }

    [Test]
    public async Task A_series_keeps_its_id()
    {
        await _store.WriteAsync(Acme, Labels("up"), (0, 1), (1, 2));
        await _store.WriteAsync(Acme, Labels("down"), (0, 1));
        await _store.WriteAsync(Acme, Labels("up"), (2, 3));
        await _store.EndAsync(Acme, Labels("up"));

        Assert.That(_journal.Ids, Is.EqualTo(new[] { 1, 1, 2, 1, 1 }));
        Assert.That(_journal.Lines, Is.EqualTo(new[] { $"{Acme} up{{}} @0 1", $"{Acme} up{{}} @1 2", $"{Acme} down{{}} @0 1", $"{Acme} up{{}} @2 3", $"{Acme} up{{}} @3 NaN" }));
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
            $"{Acme} a{{}} @0 1", $"{Acme} a{{}} @1 3", $"{Globex} a{{}} @0 2",
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
        Assert.That(_journal.Writes, Is.EqualTo(2));
    }

    private sealed class RecordedJournal : IJournal
    {
        private long? _firstMs;

        public List<string> Lines { get; } = [];

        public List<JournalRun> Runs { get; } = [];

        public List<long> Ids { get; } = [];

        public int Writes { get; private set; }

        public Action BeforeReturn { get; set; } = () => { };

        public async ValueTask WriteAsync(IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Writes++;
            foreach (JournalRecord record in batch.OrderBy(record => record.Partition))
            {
                int sample = 0;
                foreach (JournalRun run in record.Runs.ToArray())
                {
                    Runs.Add(run);
                    _firstMs ??= run.TimestampMs;
                    for (int end = sample + run.Count; sample < end; sample++)
                    {
                        Ids.Add(record.SeriesIds[sample]);
                        double value = BitConverter.Int64BitsToDouble(record.ValueBits[sample]);
                        Lines.Add(FormattableString.Invariant($"{record.Partition} {record.LabelsOf(sample)} @{run.TimestampMs - _firstMs} {value}"));
                    }
                }
            }
            BeforeReturn();
        }
    }
}
