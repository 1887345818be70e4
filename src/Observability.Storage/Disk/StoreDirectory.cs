using System.Globalization;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// The folder that a store lives in, held by one process at a time, and which tenants were deleted from it.
/// <code>
/// lock, lock.holder             held for as long as the process runs; who holds it
/// deleted.json                  deletions; deleted.NAME.json came with a restored snapshot and count as well
/// journal/00000001.log …        what is not in blocks yet
/// partitions/UID/               one tenant's blocks; born.json says since when
/// snapshots/NAME/               copies by hard links
/// </code>
/// </summary>
public sealed class StoreDirectory : IDisposable
{
    private const string LockName = "lock";
    private const string HolderName = "lock.holder";

    private readonly FileStream _lock;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Disk.Deletions _deletions;
    private long _lastStampMs;

    private StoreDirectory(string path, FileStream held, TimeProvider time)
    {
        Root = path;
        _lock = held;
        _time = time;
        _deletions = Disk.Deletions.Read(path);
        _lastStampMs = _deletions.NewestMs;
    }

    /// <summary>Full path.</summary>
    public string Root { get; }

    internal string JournalPath => Path.Combine(Root, "journal");

    internal string PartitionsPath => Path.Combine(Root, "partitions");

    internal string SnapshotsPath => Path.Combine(Root, "snapshots");

    /// <summary>Takes the folder, made where there is none, and removes from it what was deleted before.</summary>
    /// <exception cref="StoreDirectoryException">Another process holds it, or it cannot be used.</exception>
    public static StoreDirectory Open(string path, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        string root = Path.GetFullPath(path);
        FileStream held = Hold(root, time);
        try
        {
            var directory = new StoreDirectory(root, held, time);
            Directory.CreateDirectory(directory.JournalPath);
            Directory.CreateDirectory(directory.PartitionsPath);
            Disk.DurableFiles.SyncDirectory(root);
            directory.RemoveDeleted();
            return directory;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            held.Dispose();
            throw new StoreDirectoryException($"The store's folder {root} cannot be used: {exception.Message}", exception);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>
    /// The clock's time, but later than every stamp before, those of earlier processes included: which of two things came first must not
    /// depend on a clock that was set back.
    /// </summary>
    internal long NextStampMs()
    {
        lock (_gate)
            return _lastStampMs = Math.Max(_time.GetUtcNow().ToUnixTimeMilliseconds(), _lastStampMs + 1);
    }

    /// <summary>A stamp that was found in a file.</summary>
    internal void Observe(long stampMs)
    {
        lock (_gate)
            _lastStampMs = Math.Max(_lastStampMs, stampMs);
    }

    /// <summary>Data of the partition that came into being before this stamp is deleted; 0 where nothing is.</summary>
    internal long DeletedBeforeMs(TenantUid partition) => _deletions.Of(partition);

    /// <summary>Where a partition's blocks are; the folder is made where there is none.</summary>
    internal string PartitionPath(TenantUid partition)
    {
        string path = Path.Combine(PartitionsPath, partition.ToString());
        if (!File.Exists(Path.Combine(path, BirthCertificate.Name)))
        {
            Directory.CreateDirectory(path);
            BirthCertificate.Write(path, NextStampMs());
            Disk.DurableFiles.SyncDirectory(PartitionsPath);
        }
        return path;
    }

    /// <summary>The partitions that have a folder.</summary>
    internal IEnumerable<TenantUid> Partitions()
    {
        foreach (string path in Directory.EnumerateDirectories(PartitionsPath))
        {
            if (TenantUid.TryParse(Path.GetFileName(path), out TenantUid partition))
                yield return partition;
        }
    }

    /// <summary>Records, durably, that all data which a partition has now is deleted. What is on disk of it goes with <see cref="Remove"/>.</summary>
    internal void RecordDeletion(TenantUid partition)
    {
        long stampMs = NextStampMs();
        lock (_gate)
            _deletions.Add(partition, stampMs);
    }

    /// <summary>Writes all deletions for a snapshot.</summary>
    internal void WriteDeletionsTo(string path)
    {
        lock (_gate)
            _deletions.WriteTo(path);
    }

    /// <summary>Removes a partition's folder.</summary>
    internal void Remove(TenantUid partition)
    {
        string path = Path.Combine(PartitionsPath, partition.ToString());
        if (!Directory.Exists(path))
            return;
        // Out of the way at once, so that a crash in the middle leaves no half of a partition behind.
        string doomed = path + ".deleted-" + NextStampMs().ToString(CultureInfo.InvariantCulture);
        Directory.Move(path, doomed);
        Disk.DurableFiles.SyncDirectory(PartitionsPath);
        Directory.Delete(doomed, recursive: true);
    }

    private void RemoveDeleted()
    {
        foreach (string path in Directory.GetDirectories(PartitionsPath))
        {
            string name = Path.GetFileName(path);
            if (name.Contains(".deleted-", StringComparison.Ordinal))
                Directory.Delete(path, recursive: true);
            else if (TenantUid.TryParse(name, out TenantUid partition))
            {
                long bornMs = BirthCertificate.Read(path);
                Observe(bornMs);
                if (bornMs < DeletedBeforeMs(partition))
                    Remove(partition);
            }
        }
    }

    private static FileStream Hold(string root, TimeProvider time)
    {
        string path = Path.Combine(root, LockName);
        FileStream held;
        try
        {
            Directory.CreateDirectory(root);
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new StoreDirectoryException($"The store's folder {root} is held by another process ({Holder(root)}). Two must never write to one folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreDirectoryException($"The store's folder {root} cannot be used: {exception.Message}", exception);
        }
        // In a file of its own: the runtime lets nobody read a file that is held alone.
        File.WriteAllText(Path.Combine(root, HolderName), string.Create(CultureInfo.InvariantCulture,
            $"process {Environment.ProcessId} on {Environment.MachineName} since {time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}"));
        return held;
    }

    private static string Holder(string root)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, HolderName));
        }
        catch (IOException)
        {
            return "unknown";
        }
    }

    /// <summary>Since when a partition's folder has been there: a tenant that was deleted can come back under the same UID.</summary>
    private static class BirthCertificate
    {
        public const string Name = "born.json";

        public static void Write(string partitionPath, long stampMs) =>
            Disk.DurableFiles.Replace(Path.Combine(partitionPath, Name),
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Disk.BirthFile(stampMs), Disk.DirectoryJson.Default.BirthFile));

        /// <summary>0, before every deletion, where it is missing or cannot be read.</summary>
        public static long Read(string partitionPath)
        {
            try
            {
                byte[] content = File.ReadAllBytes(Path.Combine(partitionPath, Name));
                return System.Text.Json.JsonSerializer.Deserialize(content, Disk.DirectoryJson.Default.BirthFile)?.BornMs ?? 0;
            }
            catch (Exception exception) when (exception is FileNotFoundException or System.Text.Json.JsonException)
            {
                return 0;
            }
        }
    }
}
