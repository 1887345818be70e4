using Microsoft.Extensions.Time.Testing;
using Observability.Model;

namespace Observability.Storage.Tests.Journal;

/// <summary>A journal in a folder, as one process after another has it.</summary>
internal sealed class TestJournal : IAsyncDisposable
{
    private readonly Dictionary<TenantUid, Dictionary<LabelSet, long>> _ids = [];

    private TestJournal(StoreDirectory directory, Observability.Storage.Journal journal, RecordedReplay replayed, JournalReplayReport report)
    {
        Directory = directory;
        Journal = journal;
        Replayed = replayed;
        Report = report;
    }

    public StoreDirectory Directory { get; }

    public Observability.Storage.Journal Journal { get; }

    public RecordedReplay Replayed { get; }

    public JournalReplayReport Report { get; }

    /// <summary>Its segments, oldest first.</summary>
    public static string[] Segments(TestFolder folder) => [.. System.IO.Directory.GetFiles(folder["journal"], "*.log").Order(StringComparer.Ordinal)];

    public static async Task<TestJournal> OpenAsync(TestFolder folder, JournalOptions? options = null, TimeProvider? clock = null, Func<long>? freeBytes = null)
    {
        clock ??= new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        StoreDirectory directory = StoreDirectory.Open(folder.Path, clock);
        var journal = new Observability.Storage.Journal(directory, options ?? new JournalOptions(), clock, meters: null, freeBytes ?? (() => long.MaxValue));
        var replayed = new RecordedReplay();
        return new TestJournal(directory, journal, replayed, await journal.ReplayAsync(replayed, CancellationToken.None));
    }

    public Task WriteAsync(TenantUid partition, params (LabelSet Labels, long TimestampMs, double Value)[] samples) =>
        WriteBitsAsync((partition, [.. samples.Select(sample => (sample.Labels, sample.TimestampMs, BitConverter.DoubleToInt64Bits(sample.Value)))]));

    public async Task WriteBitsAsync(params (TenantUid Partition, IReadOnlyList<(LabelSet Labels, long TimestampMs, long Bits)> Samples)[] batch)
    {
        JournalRecord[] records = [.. batch.Select(part =>
        {
            if (!_ids.TryGetValue(part.Partition, out Dictionary<LabelSet, long>? ids))
                _ids.Add(part.Partition, ids = []);
            return new TestRecord(part.Partition, ids, part.Samples);
        })];
        await Journal.WriteAsync(records, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        Directory.Dispose();
    }
}
