using Microsoft.Extensions.Logging.Abstractions;

namespace Observability.Storage.Crash;

/// <summary>A store on a folder, its journal replayed.</summary>
internal sealed class DurableHead : IAsyncDisposable
{
    private readonly StoreDirectory _directory;
    private readonly StoreBlocks _blocks;

    private DurableHead(StoreDirectory directory, Journal journal, StoreBlocks blocks, MetricStore store, TimeProvider clock)
    {
        (_directory, _blocks, Journal, Store) = (directory, blocks, journal, store);
        Lifecycle = new StoreLifecycle(directory, journal, blocks, store, new RetentionOptions { Time = TimeSpan.Zero }, clock);
    }

    public Journal Journal { get; }

    public MetricStore Store { get; }

    public StoreLifecycle Lifecycle { get; }

    public static async Task<DurableHead> OpenAsync(string folder, TimeProvider clock, JournalOptions? options = null)
    {
        StoreDirectory directory = StoreDirectory.Open(folder, clock);
        var journal = new Journal(directory, options ?? new JournalOptions { ReserveBytes = 0 }, clock);
        var blocks = new StoreBlocks(directory, clock, NullLogger<StoreBlocks>.Instance);
        var store = new MetricStore(new StoreOptions { MaxSeriesPerPartition = 1_000_000 }, journal, clock, meters: null, blocks);
        await journal.ReplayAsync(store, CancellationToken.None);
        return new DurableHead(directory, journal, blocks, store, clock);
    }

    public async ValueTask DisposeAsync()
    {
        Lifecycle.Dispose();
        Store.Dispose();
        _blocks.Dispose();
        await Journal.DisposeAsync();
        _directory.Dispose();
    }
}
