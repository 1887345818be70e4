namespace Observability.Storage.Crash;

/// <summary>A store on a folder, its journal replayed.</summary>
internal sealed class DurableHead : IAsyncDisposable
{
    private readonly StoreDirectory _directory;

    private DurableHead(StoreDirectory directory, Journal journal, MetricStore store) => (_directory, Journal, Store) = (directory, journal, store);

    public Journal Journal { get; }

    public MetricStore Store { get; }

    public static async Task<DurableHead> OpenAsync(string folder, TimeProvider clock, JournalOptions? options = null)
    {
        StoreDirectory directory = StoreDirectory.Open(folder, clock);
        var journal = new Journal(directory, options ?? new JournalOptions { ReserveBytes = 0 }, clock);
        var store = new MetricStore(new StoreOptions { MaxSeriesPerPartition = 1_000_000 }, journal, clock);
        await journal.ReplayAsync(store, CancellationToken.None);
        return new DurableHead(directory, journal, store);
    }

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await Journal.DisposeAsync();
        _directory.Dispose();
    }
}
