using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Observability.Model;
using Observability.Storage.Blocks;

namespace Observability.Storage;

/// <summary>The blocks of all partitions in a store's folder.</summary>
public sealed class StoreBlocks : IDisposable
{
    private readonly StoreDirectory _directory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly BlockMetrics _metrics;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<TenantUid, PartitionBlocks> _partitions = new();

    /// <summary>Opens what is there: several partitions at once. A damaged block is set aside and logged, and stops nothing.</summary>
    public StoreBlocks(StoreDirectory directory, TimeProvider time, ILogger<StoreBlocks> logger, IMeterFactory? meters = null)
    {
        _directory = directory ?? throw new ArgumentNullException(nameof(directory));
        _time = time ?? throw new ArgumentNullException(nameof(time));
        _logger = logger;
        _ownsMeter = meters is null;
        _meter = meters?.Create(new MeterOptions(StoreMetrics.MeterName)) ?? new Meter(StoreMetrics.MeterName);
        _metrics = new BlockMetrics(_meter);
        Parallel.ForEach(directory.Partitions(), partition => Of(partition));
        _meter.CreateObservableUpDownCounter("store.blocks.size", () => _partitions.Values.Sum(blocks => blocks.SizeBytes), "By", "Bytes of the live blocks of all partitions.");
        _meter.CreateObservableUpDownCounter("store.blocks", () => _partitions.Values.Sum(blocks => blocks.Live.Count), "{block}", "Live blocks of all partitions.");
    }

    internal IEnumerable<TenantUid> Partitions => _partitions.Keys;

    /// <summary>A partition's blocks, for writing: its folder is made where there is none.</summary>
    internal PartitionBlocks Of(TenantUid partition)
    {
        if (_partitions.TryGetValue(partition, out PartitionBlocks? known))
            return known;
        lock (_gate)
            return _partitions.GetOrAdd(partition, uid => PartitionBlocks.Open(_directory.PartitionPath(uid), uid, _time, _metrics, _logger));
    }

    /// <summary>A partition's blocks, for reading; null where it has none.</summary>
    internal PartitionBlocks? Find(TenantUid partition) => _partitions.GetValueOrDefault(partition);

    /// <summary>Ends all reads of a partition's blocks.</summary>
    internal void Close(TenantUid partition)
    {
        if (_partitions.TryRemove(partition, out PartitionBlocks? blocks))
            blocks.Dispose();
    }

    /// <summary>Merges small blocks into larger ones and removes what is beyond retention, partition by partition.</summary>
    internal void Upkeep(RetentionOptions retention, CancellationToken cancellationToken)
    {
        long oldestMs = retention.Time > TimeSpan.Zero ? (_time.GetUtcNow() - retention.Time).ToUnixTimeMilliseconds() : long.MinValue;
        foreach (PartitionBlocks blocks in _partitions.Values)
        {
            // Retention first: what goes need not be merged.
            blocks.ApplyRetention(oldestMs, retention.Bytes > 0 ? retention.Bytes : long.MaxValue);
            while (blocks.MergeNext(cancellationToken))
                cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Dispose()
    {
        foreach (TenantUid partition in _partitions.Keys)
            Close(partition);
        if (_ownsMeter)
            _meter.Dispose();
    }
}
