using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Observability.Model;
using Observability.Storage.Blocks;
using Observability.Storage.Head;

namespace Observability.Storage;

/// <summary>
/// The metrics of all tenants, one partition each, the last hours in memory. Written by trusted code; read through a
/// <see cref="TenantScope"/> and in no other way. Safe on any number of threads.
/// </summary>
public sealed class MetricStore : IDisposable
{
    private const int MaxPooledBatches = 16;

    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<TenantUid, Partition> _partitions = new();
    private readonly ConcurrentQueue<WriteBatch> _batches = new();
    private readonly Lock _gate = new();                  // which partitions there are
    private readonly HashSet<TenantUid> _deleting = [];

    public MetricStore(StoreOptions options, IJournal journal, TimeProvider time, IMeterFactory? meters = null)
        : this(options, journal, time, meters, blocks: null)
    {
    }

    /// <param name="options">Limits.</param>
    /// <param name="journal">Where batches are kept before they are visible.</param>
    /// <param name="time">The clock.</param>
    /// <param name="meters">Makes the instruments.</param>
    /// <param name="blocks">Where sealed samples go, kept by the caller; null: nothing is sealed, and what is older than <see cref="StoreOptions.HeadRange"/> is dropped.</param>
    public MetricStore(StoreOptions options, IJournal journal, TimeProvider time, IMeterFactory? meters, StoreBlocks? blocks)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.HeadRange, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFuture, TimeSpan.Zero);
        _options = options;
        Journal = journal ?? throw new ArgumentNullException(nameof(journal));
        _time = time ?? throw new ArgumentNullException(nameof(time));
        Blocks = blocks;
        Metrics = new StoreMetrics(meters, () => _partitions.Count,
            () => _partitions.Sum(partition => (long)partition.Value.SeriesCount), () => _partitions.Sum(partition => partition.Value.ChunkBytes));
        foreach (TenantUid tenant in blocks?.Partitions ?? [])
            PartitionOf(tenant);
    }

    internal IJournal Journal { get; }

    internal StoreBlocks? Blocks { get; }

    internal TimeProvider Time => _time;

    internal StoreMetrics Metrics { get; }

    internal Lifecycle.CommitGate Commits { get; } = new();

    /// <summary>The series with these labels in a partition, made where there is none.</summary>
    /// <exception cref="SeriesLimitException">The partition is full, or the labels are too many or too long.</exception>
    /// <exception cref="ArgumentException">The partition is none, or there is no label.</exception>
    public SeriesHandle Resolve(TenantUid partition, LabelSet labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (partition.IsDefault)
            throw new ArgumentException("There is no partition without a tenant.", nameof(partition));
        if (labels.Count == 0)
            throw new ArgumentException("A series has labels.", nameof(labels));
        try
        {
            return PartitionOf(partition).Resolve(labels);
        }
        catch (SeriesLimitException exception)
        {
            Metrics.Refused(exception.Limit);
            throw;
        }
    }

    /// <summary>An empty batch, for one thread; dispose it to give it back.</summary>
    public WriteBatch BeginBatch()
    {
        if (!_batches.TryDequeue(out WriteBatch? batch))
            batch = new WriteBatch(this);
        batch.Open();
        return batch;
    }

    /// <summary>
    /// The series that the scope opens, that all matchers accept and that may have samples in the range: sorted by partition, then by
    /// labels. The range's ends are inclusive; a grant limited to namespaces shows no sample before its <see cref="NamespaceGrant.FromMs"/>.
    /// Only grants with <see cref="Rights.Metrics"/> open anything.
    /// </summary>
    public IReadOnlyList<SelectedSeries> Select(TenantScope scope, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken) =>
        SelectAll(scope, matchers, range, isSorted: true, cancellationToken);

    /// <summary>What <see cref="Select"/> gives, in no order: for those who sort by something else, or not.</summary>
    public IReadOnlyList<SelectedSeries> SelectUnordered(
        TenantScope scope, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken) =>
        SelectAll(scope, matchers, range, isSorted: false, cancellationToken);

    private List<SelectedSeries> SelectAll(
        TenantScope scope, IReadOnlyList<Matcher> matchers, TimeRange range, bool isSorted, CancellationToken cancellationToken)
    {
        var selected = new List<SelectedSeries>();
        foreach (VisibleData data in Open(scope, matchers, range, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<SelectedSeries> series = data.Series(range);
            if (isSorted)
                series.Sort(ByLabels.Order);
            selected.AddRange(series);
        }
        return selected;
    }

    /// <summary>Label names of the series that <see cref="Select"/> would give: sorted (ordinal), each once.</summary>
    public IReadOnlyList<string> LabelNames(TenantScope scope, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (VisibleData data in Open(scope, matchers, range, cancellationToken))
            names.UnionWith(data.Labels().Select(label => label.Name));
        return Sorted(names);
    }

    /// <summary>Values of one label of the series that <see cref="Select"/> would give: sorted (ordinal), each once.</summary>
    public IReadOnlyList<string> LabelValues(TenantScope scope, string name, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (VisibleData data in Open(scope, matchers, range, cancellationToken))
            values.UnionWith(data.Labels().Where(label => string.Equals(label.Name, name, StringComparison.Ordinal)).Select(label => label.Value));
        return Sorted(values);
    }

    /// <summary>Counts what the scope opens.</summary>
    public StoreStatistics Statistics(TenantScope scope)
    {
        long seriesCount = 0, samples = 0, chunks = 0, bytes = 0, seriesRefused = 0;
        StoreWrites writes = default;
        var values = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var copy = new SampleColumns();
        foreach (VisibleData data in Open(scope, [], TimeRange.All, CancellationToken.None))
        {
            Partition partition = data.Partition;
            List<SelectedSeries> series = data.Series(TimeRange.All);
            seriesCount += series.Count;
            if (data.Grant.IsWholeTenant)
            {
                writes = writes.Plus(partition.Writes);
                seriesRefused += partition.SeriesRefused;
                foreach (VisibleSeries one in data.InMemory)
                {
                    (int seriesChunks, int seriesSamples, int seriesBytes) = partition.Count(one.Series);
                    chunks += seriesChunks;
                    samples += seriesSamples;
                    bytes += seriesBytes;
                }
                if (partition.Blocks is { } blocks)
                {
                    samples += blocks.Live.Sum(block => block.Samples);
                    bytes += blocks.SizeBytes;
                }
            }
            else
            {
                foreach (SelectedSeries one in series)
                {
                    copy.Clear();
                    one.Read(copy);
                    samples += copy.Count;
                }
            }
            foreach (Label label in data.Labels())
            {
                if (!values.TryGetValue(label.Name, out HashSet<string>? ofName))
                    values.Add(label.Name, ofName = new HashSet<string>(StringComparer.Ordinal));
                ofName.Add(label.Value);
            }
        }
        return new StoreStatistics(seriesCount, samples, chunks, bytes,
            [.. values.Select(name => new LabelCardinality(name.Key, name.Value.Count))
                .OrderByDescending(label => label.Values).ThenBy(label => label.Name, StringComparer.Ordinal).Take(10)], writes, seriesRefused);
    }

    /// <summary>
    /// Drops what is older than <see cref="StoreOptions.HeadRange"/>, a chunk at a time, and forgets the series that are left without a
    /// sample. To be called every few minutes.
    /// </summary>
    public void Truncate()
    {
        (long oldestMs, _) = AcceptedTimes();
        foreach (Partition partition in _partitions.Values)
            partition.Truncate(oldestMs);
    }

    /// <summary>
    /// Seals the periods of two hours that ended long enough ago into blocks. To be called every minute, by one caller at a time and not
    /// while a partition is removed; takes its time.
    /// </summary>
    public void Seal(CancellationToken cancellationToken)
    {
        if (Blocks is null)
            return;
        long toMs = GroupTimes.PeriodStart((_time.GetUtcNow() - _options.SealDelay).ToUnixTimeMilliseconds()) - 1;
        foreach (Partition partition in _partitions.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            partition.Seal(toMs, cancellationToken);
        }
    }

    /// <summary>All samples of a partition before this time are in blocks; <see cref="long.MaxValue"/> where there is no such partition.</summary>
    public long DurableBeforeMs(TenantUid partition) =>
        !_partitions.TryGetValue(partition, out Partition? known) ? long.MaxValue
        : known.SealedToMs == long.MinValue ? long.MinValue
        : known.SealedToMs + 1;

    public void Dispose() => Metrics.Dispose();

    /// <summary>Takes what a journal gives back, before anything else is written.</summary>
    internal IJournalReplay BeginReplay() => new StoreReplay(this);

    /// <exception cref="JournalUnavailableException">The tenant is being deleted; it can come back right after.</exception>
    internal Partition PartitionOf(TenantUid tenant)
    {
        if (_partitions.TryGetValue(tenant, out Partition? known))
            return known;
        lock (_gate)
        {
            if (_deleting.Contains(tenant))
                throw new JournalUnavailableException(JournalRefusal.TenantDeleted, "The tenant's data is being deleted.");
            return _partitions.GetOrAdd(tenant, static (tenant, store) => new Partition(store, tenant, store._options), this);
        }
    }

    /// <summary>
    /// Takes a partition out: nobody can read or write it any more, and who did has ended or is told. The tenant can come back once
    /// <paramref name="carryOut"/> has returned, which runs when no commit to the partition is under way.
    /// </summary>
    internal async Task RemoveAsync(TenantUid tenant, Func<Task> carryOut)
    {
        lock (_gate)
        {
            _deleting.Add(tenant);
            if (_partitions.TryRemove(tenant, out Partition? partition))
                partition.Remove();
        }
        try
        {
            await Commits.WaitForEarlierAsync().ConfigureAwait(false);
            await carryOut().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _deleting.Remove(tenant);
        }
    }

    /// <summary>The oldest and the newest time that a sample may have now.</summary>
    internal (long OldestMs, long NewestMs) AcceptedTimes()
    {
        DateTimeOffset now = _time.GetUtcNow();
        return ((now - _options.HeadRange).ToUnixTimeMilliseconds(), (now + _options.MaxFuture).ToUnixTimeMilliseconds());
    }

    internal void GiveBack(WriteBatch batch)
    {
        if (_batches.Count < MaxPooledBatches)
            _batches.Enqueue(batch);
    }

    /// <summary>The one way in for all reads: the partitions that the scope opens, in its order, each with the series that it shows.</summary>
    private IEnumerable<VisibleData> Open(
        TenantScope scope, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(matchers);
        foreach (TenantGrant grant in scope.Only(Rights.Metrics).Grants)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_partitions.TryGetValue(grant.Tenant, out Partition? partition))
                continue;
            // Memory before blocks: what is sealed in between is then in both, and shown once.
            long sealedToMs = partition.SealedToMs;
            Dictionary<string, long>? namespaces = NamespacesOf(grant);
            List<VisibleSeries> inMemory = partition.Select(namespaces, matchers, range, cancellationToken);
            var inBlocks = new List<BlockSeries>();
            partition.Blocks?.Select(namespaces, matchers, range, inBlocks, cancellationToken);
            yield return new VisibleData(grant, partition, sealedToMs, inMemory, inBlocks);
        }
    }

    /// <summary>Null only for a grant of the whole tenant. A namespace that stands twice opens as late as it says anywhere.</summary>
    private static Dictionary<string, long>? NamespacesOf(TenantGrant grant)
    {
        if (grant.IsWholeTenant)
            return null;
        var namespaces = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (NamespaceGrant limited in grant.Namespaces)
        {
            namespaces[limited.Name] = namespaces.TryGetValue(limited.Name, out long fromMs) ? Math.Max(fromMs, limited.FromMs) : limited.FromMs;
        }
        return namespaces;
    }

    private static string[] Sorted(HashSet<string> texts)
    {
        string[] sorted = [.. texts];
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }

    private sealed class ByLabels : IComparer<SelectedSeries>
    {
        public static ByLabels Order { get; } = new();

        public int Compare(SelectedSeries? left, SelectedSeries? right) =>
            ReferenceEquals(left, right) ? 0 : left is null ? -1 : left.Labels.CompareTo(right?.Labels);
    }
}
