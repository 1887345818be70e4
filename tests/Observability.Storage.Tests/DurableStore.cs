using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests;

/// <summary>A store on a folder, as one process has it.</summary>
internal sealed class DurableStore : IAsyncDisposable
{
    private DurableStore(
        StoreDirectory directory, Observability.Storage.Journal journal, StoreBlocks blocks, MetricStore store, TimeProvider clock,
        RetentionOptions retention)
    {
        Directory = directory;
        Journal = journal;
        Store = store;
        Blocks = blocks;
        Lifecycle = new StoreLifecycle(directory, journal, Blocks, store, retention, clock);
    }

    public StoreDirectory Directory { get; }

    public Observability.Storage.Journal Journal { get; }

    public MetricStore Store { get; }

    public StoreBlocks Blocks { get; }

    public StoreLifecycle Lifecycle { get; }

    public static async Task<DurableStore> StartAsync(TestFolder folder, TimeProvider clock, Func<long>? freeBytes = null, RetentionOptions? retention = null)
    {
        StoreDirectory directory = StoreDirectory.Open(folder.Path, clock);
        var journal = new Observability.Storage.Journal(directory, new JournalOptions(), clock, meters: null, freeBytes ?? (() => long.MaxValue));
        var blocks = new StoreBlocks(directory, clock, NullLogger<StoreBlocks>.Instance);
        var store = new MetricStore(new StoreOptions(), journal, clock, meters: null, blocks);
        await journal.ReplayAsync(store, CancellationToken.None);
        return new DurableStore(directory, journal, blocks, store, clock, retention ?? new RetentionOptions());
    }

    public async Task WriteAsync(TenantUid tenant, LabelSet labels, params (long TimestampMs, double Value)[] samples)
    {
        using WriteBatch batch = Store.BeginBatch();
        foreach ((long timestampMs, double value) in samples)
            batch.Add(Store.Resolve(tenant, labels), timestampMs, value);
        await batch.CommitAsync(CancellationToken.None);
    }

    public (string Labels, long TimestampMs, double Value)[] Read(TenantUid tenant)
    {
        List<(string, long, double)> read = [];
        var samples = new List<Sample>();
        foreach (SelectedSeries series in Store.Select(Scope(tenant), [], TimeRange.All, CancellationToken.None))
        {
            samples.Clear();
            series.CopyTo(samples);
            read.AddRange(samples.Select(sample => (series.Labels.ToString(), sample.TimestampMs, sample.Value)));
        }
        return [.. read];
    }

    public async ValueTask DisposeAsync()
    {
        Lifecycle.Dispose();
        Blocks.Dispose();
        Store.Dispose();
        await Journal.DisposeAsync();
        Directory.Dispose();
    }
}
