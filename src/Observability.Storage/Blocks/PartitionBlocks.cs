using Microsoft.Extensions.Logging;
using Observability.Model;
using Observability.Storage.Blocks.Files;
using Observability.Storage.Blocks.Merging;
using Observability.Storage.Blocks.Selection;
using Observability.Storage.Disk;

namespace Observability.Storage.Blocks;

/// <summary>
/// The blocks of one partition: <c>manifest.json</c> says which are live, <c>blocks/ID/</c> holds them, <c>quarantine/ID</c> those that
/// were found damaged. Safe on any number of threads; one writer or merge at a time is the caller's affair.
/// </summary>
internal sealed partial class PartitionBlocks : IDisposable
{
    /// <summary>How long a merged or expired block can still be read by who selected it before.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly BlockMetrics _metrics;
    private readonly bool _isReadOnly;
    private readonly ILogger _logger;
    private readonly Fingerprints _fingerprints = new();
    private readonly Lock _gate = new();
    private readonly List<(Block Block, long UntilStamp)> _retired = [];
    private Block[] _live = [];
    private bool _isDisposed;

    private PartitionBlocks(string directory, TenantUid partition, TimeProvider time, BlockMetrics metrics, ILogger logger, bool isReadOnly)
    {
        _isReadOnly = isReadOnly;
        _directory = directory;
        Partition = partition;
        _time = time;
        _metrics = metrics;
        _logger = logger;
    }

    public TenantUid Partition { get; }

    /// <summary>The live blocks, by time. A snapshot: it does not change.</summary>
    public IReadOnlyList<BlockInfo> Live => [.. Volatile.Read(ref _live).Select(block => block.Info)];

    /// <summary>
    /// The end of the newest range that was ever published, inclusive; <see cref="long.MinValue"/> before the first block. Retention does
    /// not move it back, so what is not later was sealed once.
    /// </summary>
    public long SealedToMs { get; private set; } = long.MinValue;

    /// <summary>Bytes of all live blocks on disk.</summary>
    public long SizeBytes => Volatile.Read(ref _live).Sum(block => block.Info.SizeBytes);

    private string BlocksPath => Path.Combine(_directory, BlockPaths.Blocks);

    /// <summary>
    /// Opens a partition's folder, made where there is none. A block whose index is damaged is moved to the quarantine, reported, and not
    /// served; what an unfinished writer or merge left behind is removed.
    /// </summary>
    public static PartitionBlocks Open(string directory, TenantUid partition, TimeProvider time, BlockMetrics metrics, ILogger logger)
    {
        var blocks = new PartitionBlocks(directory, partition, time, metrics, logger, isReadOnly: false);
        Directory.CreateDirectory(blocks.BlocksPath);
        blocks.OpenAll();
        return blocks;
    }

    /// <summary>Opens a partition's folder to look at it: nothing in it changes, whatever is found; what is damaged is logged and left out.</summary>
    public static PartitionBlocks OpenReadOnly(string directory, TenantUid partition, BlockMetrics metrics, ILogger logger)
    {
        var blocks = new PartitionBlocks(directory, partition, TimeProvider.System, metrics, logger, isReadOnly: true);
        if (Directory.Exists(blocks.BlocksPath))
            blocks.OpenAll();
        return blocks;
    }

    /// <summary>
    /// The hash under which <see cref="BlockSeries"/> of these labels appear. Seeded by a secret of this object, so that nobody can make
    /// labels collide; not the same after a restart.
    /// </summary>
    public UInt128 FingerprintOf(LabelSet labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return _fingerprints.Of(labels);
    }

    /// <summary>Starts a block for the samples of a range.</summary>
    public BlockWriter BeginBlock(TimeRange range) => BeginBlock(range, []);

    /// <summary>
    /// Adds the series that match and have samples in the range, each once however many blocks hold it, in no order. The range's ends are
    /// inclusive. A grant limited to namespaces gives their names, each with the first time that it opens; null stands for the whole partition.
    /// </summary>
    /// <exception cref="DataRemovedException">The partition was removed.</exception>
    public void Select(
        IReadOnlyDictionary<string, long>? namespaces, IReadOnlyList<Matcher> matchers, TimeRange range, List<BlockSeries> into,
        CancellationToken cancellationToken)
    {
        int before = into.Count;
        while (true)
        {
            Block[] blocks = [.. Volatile.Read(ref _live).Where(block => !block.Info.Range.Intersect(range).IsEmpty)];
            if (_isDisposed)
                throw new DataRemovedException("The partition was removed.");
            if (TrySelect(blocks, namespaces, matchers, range, into, cancellationToken))
                return;
            into.RemoveRange(before, into.Count - before); // a block was closed meanwhile: it is in the list no more
        }
    }

    /// <summary>Merges blocks that together fill a larger range (2 h → 6 h → 24 h), one such range a call.</summary>
    /// <returns>False when there is nothing to merge.</returns>
    public bool MergeNext(CancellationToken cancellationToken)
    {
        CloseRetired();
        Block[]? sources = MergePlan.Next(Volatile.Read(ref _live));
        if (sources is null)
            return false;
        try
        {
            BlockMerge.Run(this, sources, cancellationToken);
        }
        catch (CorruptBlockException exception)
        {
            SetAside(exception.Block, exception);
        }
        return true;
    }

    /// <summary>Removes blocks that end before a time, then the oldest until the rest fits in a number of bytes.</summary>
    /// <returns>Blocks removed.</returns>
    public int ApplyRetention(long oldestMs, long maxBytes)
    {
        CloseRetired();
        Block[] removed;
        lock (_gate)
        {
            long left = SizeBytes;
            removed = [.. _live.OrderBy(block => block.Info.Range.ToMs).TakeWhile(block =>
            {
                bool goes = block.Info.Range.ToMs < oldestMs || left > maxBytes;
                left -= block.Info.SizeBytes;
                return goes;
            })];
            if (removed.Length == 0 || _isDisposed)
                return 0;
            Replace([.. _live.Except(removed)], SealedToMs);
            Retire(removed);
        }
        _metrics.Removed(removed.Length);
        LogRemoved(removed.Length, Partition);
        return removed.Length;
    }

    /// <summary>Closes every block: who still reads ends with <see cref="DataRemovedException"/>. The files stay; the owner removes the folder.</summary>
    public void Dispose()
    {
        Block[] all;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            all = [.. _live, .. _retired.Select(retired => retired.Block)];
            Volatile.Write(ref _live, []);
            _retired.Clear();
        }
        foreach (Block block in all)
            block.Dispose();
    }

    internal BlockWriter BeginBlock(TimeRange range, IReadOnlyList<string> sources) => _isReadOnly
        ? throw new InvalidOperationException("The partition was opened to be read only.")
        : new BlockWriter(this, BlocksPath, range, sources);

    /// <summary>Reads all of every block, to the last value.</summary>
    /// <param name="verified">Called behind each block with what is wrong with it; null where nothing is.</param>
    /// <param name="cancellationToken">Ends it between two series.</param>
    internal void Verify(Action<BlockInfo, Exception?> verified, CancellationToken cancellationToken)
    {
        foreach (Block block in Volatile.Read(ref _live))
        {
            if (!block.TryEnter())
                continue; // removed meanwhile
            Exception? fault;
            try
            {
                fault = BlockVerification.FaultOf(block, cancellationToken);
            }
            finally
            {
                block.Exit();
            }
            verified(block.Info, fault);
        }
    }

    /// <summary>Makes a complete folder a live block, in the place of its sources.</summary>
    internal BlockInfo Publish(string path, IReadOnlyList<string> sources)
    {
        Block block = Block.Open(path, Partition);
        Block[] replaced;
        lock (_gate)
        {
            if (_isDisposed)
            {
                block.Dispose();
                throw new DataRemovedException("The partition was removed.");
            }
            replaced = [.. _live.Where(live => sources.Contains(live.Info.Id))];
            try
            {
                Replace([.. _live.Except(replaced).Append(block)], Math.Max(SealedToMs, block.Info.Range.ToMs));
            }
            catch
            {
                block.Dispose();
                Directory.Delete(path, recursive: true);
                throw;
            }
            Retire(replaced);
        }
        if (sources.Count == 0)
            _metrics.Sealed(block.Info.Samples);
        else
            _metrics.Merged(replaced.Length);
        return block.Info;
    }

    /// <summary>Takes a damaged block out of service and moves it to the quarantine.</summary>
    internal void SetAside(Block block, Exception reason)
    {
        lock (_gate)
        {
            if (block.IsCorrupt || _isDisposed)
                return;
            block.MarkCorrupt();
            if (_live.Contains(block))
            {
                Block[] rest = [.. _live.Where(live => live != block)];
                if (_isReadOnly)
                    Volatile.Write(ref _live, rest);
                else
                {
                    Replace(rest, SealedToMs);
                    MoveToQuarantine(block.Info.Id);
                }
                _retired.Add((block, 0));
            }
        }
        Report(block.Info.Id, reason);
    }

    internal UInt128 FingerprintOf(BlockIndex index, int series) => _fingerprints.Of(index, series);

    private bool TrySelect(
        Block[] blocks, IReadOnlyDictionary<string, long>? namespaces, IReadOnlyList<Matcher> matchers, TimeRange range, List<BlockSeries> into,
        CancellationToken cancellationToken)
    {
        Dictionary<UInt128, BlockSeries>? known = blocks.Length > 1 ? [] : null;
        foreach (Block block in blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!block.TryEnter())
                return false;
            try
            {
                var reading = new BlockReading(block);
                new BlockSelection(block.Index, namespaces, matchers, cancellationToken).Run(range, (number, shown) =>
                {
                    UInt128? fingerprint = known is null ? null : _fingerprints.Of(block.Index, number);
                    if (fingerprint is { } one && known!.TryGetValue(one, out BlockSeries? earlier)) // known: or there were no fingerprint
                    {
                        earlier.Add(reading, number);
                        return;
                    }
                    var series = new BlockSeries(this, shown, reading, number, fingerprint);
                    if (fingerprint is { } first)
                        known!.Add(first, series);
                    into.Add(series);
                });
            }
            finally
            {
                block.Exit();
            }
        }
        return true;
    }

    private void OpenAll()
    {
        HashSet<string> onDisk = [.. Directory.EnumerateDirectories(BlocksPath).Select(path => Path.GetFileName(path))];
        ManifestFile manifest = Manifest.Read(_directory, onDisk, out CorruptDataException? loss);
        if (loss is not null)
            LogManifestLost(loss, Partition);
        SealedToMs = manifest.SealedToMs;
        var live = new List<Block>();
        foreach (string id in manifest.Blocks)
        {
            try
            {
                live.Add(Block.Open(Path.Combine(BlocksPath, id), Partition));
            }
            catch (Exception exception) when (exception is CorruptDataException or IOException or UnauthorizedAccessException)
            {
                if (onDisk.Contains(id) && !_isReadOnly)
                    MoveToQuarantine(id);
                Report(id, exception);
            }
        }
        if (_isReadOnly)
        {
            _live = Sorted([.. live]);
            return;
        }
        foreach (string name in onDisk.Except(manifest.Blocks))
            Directory.Delete(Path.Combine(BlocksPath, name), recursive: true); // never published, or retired
        lock (_gate)
            Replace([.. live], SealedToMs);
    }

    private static Block[] Sorted(Block[] blocks)
    {
        Array.Sort(blocks, static (a, b) =>
            (a.Info.Range.FromMs, a.Info.Range.ToMs).CompareTo((b.Info.Range.FromMs, b.Info.Range.ToMs)) is var order and not 0
                ? order
                : string.CompareOrdinal(a.Info.Id, b.Info.Id));
        return blocks;
    }

    /// <summary>Under the lock: the manifest first, then what readers see.</summary>
    private void Replace(Block[] live, long sealedToMs)
    {
        live = Sorted(live);
        Manifest.Write(_directory, new ManifestFile(sealedToMs, [.. live.Select(block => block.Info.Id)]));
        SealedToMs = sealedToMs;
        Volatile.Write(ref _live, live);
    }

    /// <summary>Under the lock. The files go now; who has them open can read them until the grace ends.</summary>
    private void Retire(Block[] blocks)
    {
        foreach (Block block in blocks)
        {
            Directory.Delete(block.Path, recursive: true);
            _retired.Add((block, _time.GetTimestamp() + (long)(Grace.TotalSeconds * _time.TimestampFrequency)));
        }
    }

    private void CloseRetired()
    {
        long now = _time.GetTimestamp();
        Block[] due;
        lock (_gate)
        {
            due = [.. _retired.Where(retired => retired.UntilStamp <= now).Select(retired => retired.Block)];
            _retired.RemoveAll(retired => retired.UntilStamp <= now);
        }
        foreach (Block block in due)
            block.Dispose();
    }

    private void MoveToQuarantine(string id)
    {
        string quarantine = Path.Combine(_directory, BlockPaths.Quarantine);
        Directory.CreateDirectory(quarantine);
        string target = Path.Combine(quarantine, id);
        if (!Directory.Exists(target))
            Directory.Move(Path.Combine(BlocksPath, id), target);
        DurableFiles.SyncDirectory(quarantine);
        DurableFiles.SyncDirectory(BlocksPath);
    }

    private void Report(string id, Exception reason)
    {
        _metrics.Quarantined();
        LogQuarantined(reason, id, Partition);
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "Block {Block} of partition {Partition} is damaged and was set aside")]
    private partial void LogQuarantined(Exception reason, string block, TenantUid partition);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "The manifest of partition {Partition} is lost; it was made again from the blocks")]
    private partial void LogManifestLost(Exception reason, TenantUid partition);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Information, Message = "Retention removed {Count} blocks of partition {Partition}")]
    private partial void LogRemoved(int count, TenantUid partition);
}
