using System.Globalization;
using Observability.Model;
using Observability.Storage.Disk;

namespace Observability.Storage;

/// <summary>What is done to a store on disk as a whole: its upkeep, deleting a tenant's data, copying all of it. One such thing at a time.</summary>
public sealed class StoreLifecycle(
    StoreDirectory directory, Journal journal, StoreBlocks blocks, MetricStore store, RetentionOptions retention, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>
    /// Seals what is old enough into blocks, drops from memory, journal and blocks what is older than each keeps, and merges small blocks. To be called every minute or so; takes
    /// as long as there is to merge.
    /// </summary>
    public async Task UpkeepAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            store.Seal(cancellationToken);
            store.Truncate();
            await journal.CutAsync(store.DurableBeforeMs).ConfigureAwait(false);
            blocks.Upkeep(retention, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Deletes all that a tenant has. When this returns nothing of it can be read any more, now or after a restart or restore; who was
    /// reading got a <see cref="DataRemovedException"/>. What comes for the tenant later begins anew.
    /// </summary>
    public async Task DeleteAsync(TenantUid tenant, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await store.RemoveAsync(tenant, async () =>
            {
                blocks.Close(tenant);
                directory.RecordDeletion(tenant);
                // Segments that were begun before the deletion hold nothing of the tenant from here on: what comes now is in another.
                await journal.RollAsync().ConfigureAwait(false);
                directory.Remove(tenant);
            }).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Makes a copy of everything that is acknowledged, by hard links, under <c>snapshots/</c> in the store's folder. Copied back into the
    /// folder in place of <c>journal/</c> and <c>partitions/</c>, it restores the store as it was then, less what was deleted since.
    /// </summary>
    /// <returns>The snapshot's folder.</returns>
    public async Task<string> SnapshotAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string name = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + "-" +
                directory.NextStampMs().ToString("x", CultureInfo.InvariantCulture);
            string path = Path.Combine(directory.SnapshotsPath, name), draft = path + ".unfinished";
            Directory.CreateDirectory(Path.Combine(draft, "journal"));
            try
            {
                // The journal first: what is sealed meanwhile is in both, and what is in both is stored once.
                await journal.LinkToAsync(Path.Combine(draft, "journal")).ConfigureAwait(false);
                DurableFiles.SyncDirectory(Path.Combine(draft, "journal"));
                LinkTree(directory.PartitionsPath, Path.Combine(draft, "partitions"), cancellationToken);
                directory.WriteDeletionsTo(Path.Combine(draft, $"deleted.{name}.json"));
                Directory.Move(draft, path);
            }
            catch
            {
                Directory.Delete(draft, recursive: true);
                throw;
            }
            DurableFiles.SyncDirectory(directory.SnapshotsPath);
            return path;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Files of a partition are replaced whole or not at all, never written to, so a second name keeps their content.
    private static void LinkTree(string from, string to, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            if (!file.EndsWith(".new", StringComparison.Ordinal))
                DurableFiles.Link(file, Path.Combine(to, Path.GetFileName(file)));
        }
        foreach (string folder in Directory.GetDirectories(from))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!folder.Contains(".deleted-", StringComparison.Ordinal))
                LinkTree(folder, Path.Combine(to, Path.GetFileName(folder)), cancellationToken);
        }
        DurableFiles.SyncDirectory(to);
    }
}
