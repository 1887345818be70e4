using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Observability.Model;
using Observability.Storage.Blocks;

namespace Observability.Storage.Offline;

/// <summary>
/// A store's folder as the operator of its disk sees it: whole partitions, without a <see cref="TenantScope"/>. For the command line and
/// for nothing else; the service never makes one (a test says so). It changes nothing, so the folder may be a snapshot, or in use: then what the
/// process has in memory or in its journal is not seen.
/// </summary>
public sealed class OfflineStore : IDisposable
{
    private readonly string _root;
    private readonly Meter _meter = new("Observability.Storage.Offline");
    private readonly BlockMetrics _metrics;
    private readonly FaultLog _faults = new();
    private readonly SortedDictionary<TenantUid, PartitionBlocks> _partitions = [];

    private OfflineStore(string root)
    {
        _root = root;
        _metrics = new BlockMetrics(_meter);
    }

    /// <summary>What was found damaged so far: when it was opened, verified or read.</summary>
    public IReadOnlyList<string> Faults => _faults.Texts;

    public IReadOnlyCollection<TenantUid> Partitions => _partitions.Keys;

    /// <summary>Bytes of the journal, which holds what is not in blocks yet.</summary>
    public long JournalBytes => Path.Combine(_root, "journal") is var path && Directory.Exists(path)
        ? new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length)
        : 0;

    /// <exception cref="StoreDirectoryException">There is no store.</exception>
    public static OfflineStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string root = Path.GetFullPath(path), partitions = Path.Combine(root, "partitions");
        if (!Directory.Exists(partitions))
            throw new StoreDirectoryException($"{root} is no store's folder: there is no folder partitions in it.");
        var store = new OfflineStore(root);
        foreach (string folder in Directory.EnumerateDirectories(partitions))
        {
            if (TenantUid.TryParse(Path.GetFileName(folder), out TenantUid partition))
                store._partitions.Add(partition, PartitionBlocks.OpenReadOnly(folder, partition, store._metrics, store._faults));
        }
        return store;
    }

    /// <summary>The blocks of a partition that can be opened, by time.</summary>
    public IReadOnlyList<BlockInfo> BlocksOf(TenantUid partition) => _partitions[partition].Live;

    /// <summary>Names of the blocks that the service found damaged and set aside.</summary>
    public IReadOnlyList<string> QuarantinedOf(TenantUid partition)
    {
        string path = Path.Combine(_root, "partitions", partition.ToString(), Blocks.Files.BlockPaths.Quarantine);
        return Directory.Exists(path) ? [.. Directory.EnumerateDirectories(path).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Reads all of a partition's blocks to the last value; what is damaged joins the <see cref="Faults"/>.</summary>
    /// <param name="partition">One of <see cref="Partitions"/>.</param>
    /// <param name="verified">Called behind each block.</param>
    /// <param name="cancellationToken">Ends it within a block.</param>
    public void Verify(TenantUid partition, Action<BlockInfo> verified, CancellationToken cancellationToken) =>
        _partitions[partition].Verify((block, fault) =>
        {
            if (fault is not null)
                _faults.Add($"Block {block.Id} of partition {partition} is damaged: {fault.Message}");
            verified(block);
        }, cancellationToken);

    /// <summary>The series of a partition that match and have samples in the range, sorted by metric name, then by labels.</summary>
    public IReadOnlyList<OfflineSeries> Select(TenantUid partition, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken)
    {
        var selected = new List<BlockSeries>();
        _partitions[partition].Select(null, matchers, range, selected, cancellationToken);
        return
        [
            .. selected.Select(series => new OfflineSeries(series, range))
                .OrderBy(series => series.Labels.MetricName, StringComparer.Ordinal).ThenBy(series => series.Labels),
        ];
    }

    public void Dispose()
    {
        foreach (PartitionBlocks blocks in _partitions.Values)
            blocks.Dispose();
        _meter.Dispose();
    }

    /// <summary>Keeps as texts what the blocks log about damage.</summary>
    private sealed class FaultLog : ILogger
    {
        private readonly Lock _gate = new();
        private readonly List<string> _texts = [];

        public IReadOnlyList<string> Texts
        {
            get
            {
                lock (_gate)
                    return [.. _texts];
            }
        }

        public void Add(string text)
        {
            lock (_gate)
                _texts.Add(text);
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Add(formatter(state, exception) + (exception is null ? "" : ": " + exception.Message));
        }
    }
}
