using System.Diagnostics.Metrics;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// The journal on disk: one for the process, in segments that each stand alone. A batch is one write to the kernel and acknowledged
/// after it, so that nothing acknowledged is lost with the process; with the machine, at most what came after the last sync is.
/// What earlier processes wrote is given back by <see cref="ReplayAsync(MetricStore, CancellationToken)"/>, and nothing is taken before that.
/// </summary>
public sealed class Journal : IJournal, IAsyncDisposable
{
    private const int NoSpaceError = 28; // ENOSPC, which the runtime passes on as it is

    private static readonly TimeSpan SpaceCheckInterval = TimeSpan.FromSeconds(1);

    private readonly StoreDirectory _directory;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<long> _freeBytes;
    private readonly JournalMetrics _metrics;
    private readonly FrameWriter _frames = new();
    private readonly SemaphoreSlim _turn = new(1, 1);     // writes, and all that changes the current segment
    private readonly SemaphoreSlim _syncTurn = new(1, 1);
    private readonly Lock _gate = new();                  // the lists of segments
    private readonly List<OpenSegment> _ended = [];       // full, but not synced yet
    private readonly List<ClosedSegment> _closed = [];
    private readonly CancellationTokenSource _end = new();
    private OpenSegment? _current;
    private Task _syncing = Task.CompletedTask;
    private volatile JournalRefusal _refusal = JournalRefusal.Replaying;
    private volatile string? _trouble;
    private long _lastNumber;
    private long _spaceChecked = long.MinValue;
    private long _spaceLeft;
    private long _writtenBatches, _syncedBatches;
    private long _replayedBytes, _replayBytes;

    public Journal(StoreDirectory directory, JournalOptions options, TimeProvider time, IMeterFactory? meters = null)
        : this(directory, options, time, meters, null)
    {
    }

    /// <param name="directory">Where it is; must be open for as long as the journal is.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Clock of the syncs and of the checks of the disk.</param>
    /// <param name="meters">Makes the instruments.</param>
    /// <param name="freeBytes">Free space of the disk.</param>
    internal Journal(StoreDirectory directory, JournalOptions options, TimeProvider time, IMeterFactory? meters, Func<long>? freeBytes)
    {
        _directory = directory ?? throw new ArgumentNullException(nameof(directory));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _time = time ?? throw new ArgumentNullException(nameof(time));
        _freeBytes = freeBytes ?? (() => new DriveInfo(directory.JournalPath).AvailableFreeSpace);
        _metrics = new JournalMetrics(meters, () => SegmentCount, () => SizeBytes);
    }

    /// <summary>What the last replay gave; null before its end.</summary>
    public JournalReplayReport? Replayed { get; private set; }

    /// <summary>Share of the journal that has been given back, 0 to 1.</summary>
    public double ReplayProgress => Volatile.Read(ref _replayBytes) is var all and > 0 ? (double)Volatile.Read(ref _replayedBytes) / all : Replayed is null ? 0 : 1;

    /// <summary>Why it would take nothing now; null where it would.</summary>
    public JournalUnavailableException? Unavailable
    {
        get
        {
            // Only a write finds out whether writing works again; whether there is room is seen from here.
            JournalRefusal refusal = _refusal;
            if (refusal is JournalRefusal.Replaying or JournalRefusal.Closed)
                return Refused(refusal);
            return _freeBytes() >= _options.ReserveBytes ? null : Refused(JournalRefusal.DiskFull);
        }
    }

    /// <summary>What went wrong with the last write or sync, while it has not been mended; null where nothing did.</summary>
    public string? Trouble => _trouble;

    public long SizeBytes
    {
        get
        {
            lock (_gate)
                return _closed.Sum(segment => segment.Length) + _ended.Sum(segment => segment.Length) + (_current?.Length ?? 0);
        }
    }

    private bool HasEnded
    {
        get
        {
            lock (_gate)
                return _ended.Count > 0;
        }
    }

    private int SegmentCount
    {
        get
        {
            lock (_gate)
                return _closed.Count + _ended.Count + (_current is null ? 0 : 1);
        }
    }

    /// <summary>Gives the store what earlier processes wrote; then writes are taken. To be called once.</summary>
    public Task<JournalReplayReport> ReplayAsync(MetricStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return ReplayAsync(store.BeginReplay(), cancellationToken);
    }

    /// <inheritdoc cref="ReplayAsync(MetricStore, CancellationToken)"/>
    internal async Task<JournalReplayReport> ReplayAsync(IJournalReplay into, CancellationToken cancellationToken)
    {
        if (Replayed is not null)
            throw new InvalidOperationException("A journal is replayed once.");
        IReadOnlyList<(long Number, string Path)> files = SegmentReader.In(_directory.JournalPath);
        Volatile.Write(ref _replayBytes, files.Sum(file => new FileInfo(file.Path).Length));
        _lastNumber = files.Count > 0 ? files[^1].Number : 0;
        var replay = new JournalReplay(_directory, into, bytes => Volatile.Write(ref _replayedBytes, bytes));
        JournalReplayReport report = await replay.RunAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
            _closed.AddRange(replay.Segments);
        if (report.LostBytes > 0)
            _metrics.Lost(report.LostBytes);
        Replayed = report;
        Volatile.Write(ref _replayBytes, 0);
        _refusal = JournalRefusal.None;
        _syncing = SyncRegularlyAsync(_end.Token);
        return report;
    }

    /// <exception cref="JournalUnavailableException">Nothing was taken; the same batch may be later.</exception>
    public ValueTask WriteAsync(IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Task turn = _turn.WaitAsync(cancellationToken);
        if (turn.IsCompletedSuccessfully && !_options.SyncEveryBatch)
        {
            WriteInTurn(batch);
            return ValueTask.CompletedTask;
        }
        return WriteLaterAsync(turn, batch);
    }

    /// <summary>Returns when all that was written before is on the disk.</summary>
    /// <exception cref="IOException">It may not be.</exception>
    public async Task SyncAsync()
    {
        long written = Volatile.Read(ref _writtenBatches);
        await _syncTurn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_syncedBatches >= written && !HasEnded)
                return; // a sync that began later than the write has ended meanwhile
            try
            {
                SyncInTurn();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _metrics.SyncFailed();
                _trouble = "the journal could not be synced: " + exception.Message;
                // The kernel may have given up what it could not write and say nothing next time: what follows goes to another file.
                await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                EndSegment();
                _turn.Release();
                throw new IOException("The journal could not be synced: " + exception.Message, exception);
            }
        }
        finally
        {
            _syncTurn.Release();
        }
    }

    /// <summary>Ends the current segment: what is written from here on is in others.</summary>
    public async Task RollAsync()
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            EndSegment();
        }
        finally
        {
            _turn.Release();
        }
        await SyncAsync().ConfigureAwait(false);
    }

    /// <summary>Deletes the segments all of whose samples are in blocks.</summary>
    /// <param name="durableBeforeMs">Of a partition: all samples before this time are in blocks. <see cref="long.MaxValue"/>: the partition is gone.</param>
    /// <returns>Segments deleted.</returns>
    public async Task<int> CutAsync(Func<TenantUid, long> durableBeforeMs)
    {
        ArgumentNullException.ThrowIfNull(durableBeforeMs);
        OpenSegment? current = _current;
        if (current is { Length: > 0 } && _time.GetUtcNow().ToUnixTimeMilliseconds() - current.StampMs > _options.SegmentAge.TotalMilliseconds)
            await RollAsync().ConfigureAwait(false);
        List<ClosedSegment> durable;
        lock (_gate)
        {
            durable = _closed.FindAll(segment => segment.NewestMs.All(partition => partition.Value < durableBeforeMs(partition.Key)));
            _closed.RemoveAll(durable.Contains);
        }
        foreach (ClosedSegment segment in durable)
            File.Delete(segment.FilePath);
        return durable.Count;
    }

    /// <summary>Syncs, and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
            return;
        await _end.CancelAsync().ConfigureAwait(false);
        await _syncing.ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _refusal = JournalRefusal.Closed;
            EndSegment();
        }
        finally
        {
            _turn.Release();
        }
        await SyncAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    /// <summary>Hard links of all segments, none of them being written, in a folder.</summary>
    internal async Task LinkToAsync(string folder)
    {
        await RollAsync().ConfigureAwait(false);
        lock (_gate) // so that no cut deletes one meanwhile
        {
            foreach (ClosedSegment segment in _closed)
                Disk.DurableFiles.Link(segment.FilePath, Path.Combine(folder, Path.GetFileName(segment.FilePath)));
        }
    }

    private async ValueTask WriteLaterAsync(Task turn, IReadOnlyList<JournalRecord> batch)
    {
        await turn.ConfigureAwait(false);
        WriteInTurn(batch);
        if (!_options.SyncEveryBatch)
            return;
        try
        {
            await SyncAsync().ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            _metrics.Refused(JournalRefusal.WriteFailed);
            throw new JournalUnavailableException(JournalRefusal.WriteFailed, "The journal could not be synced: " + exception.Message, exception);
        }
    }

    private void WriteInTurn(IReadOnlyList<JournalRecord> batch)
    {
        try
        {
            CheckSpace();
            Write(batch);
        }
        catch (JournalUnavailableException exception)
        {
            _metrics.Refused(exception.Refusal);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Write(IReadOnlyList<JournalRecord> batch)
    {
        try
        {
            _frames.Clear();
            if (_current is { } full && full.Length >= _options.SegmentBytes)
                EndSegment();
            OpenSegment segment = _current ?? Begin();
            segment.Encoder.Encode(batch, _frames);
            segment.Write(_frames.Written);
            _spaceLeft -= _frames.Length;
            _writtenBatches++;
            _metrics.Written(_frames.Length);
            if (_refusal != JournalRefusal.None)
            {
                _refusal = JournalRefusal.None;
                _trouble = null;
            }
        }
        catch (Exception exception)
        {
            // The encoder takes for written what is not: the next batch begins a segment of its own.
            EndSegment();
            if (exception is not (IOException or UnauthorizedAccessException))
                throw;
            _spaceChecked = long.MinValue;
            _trouble = "the journal could not be written: " + exception.Message;
            _refusal = exception.HResult is NoSpaceError || !HasSpace() ? JournalRefusal.DiskFull : JournalRefusal.WriteFailed;
            throw new JournalUnavailableException(_refusal, "The journal could not be written: " + exception.Message, exception);
        }
    }

    private OpenSegment Begin()
    {
        var segment = new OpenSegment(_directory.JournalPath, ++_lastNumber, _directory.NextStampMs());
        SegmentEncoder.Begin(_frames, segment.Number, segment.StampMs);
        lock (_gate)
            _current = segment;
        return segment;
    }

    private void EndSegment()
    {
        if (_current is not { } segment)
            return;
        segment.TryCutTail();
        lock (_gate)
        {
            _ended.Add(segment);
            _current = null;
        }
    }

    private void CheckSpace()
    {
        if (_refusal is JournalRefusal.Replaying or JournalRefusal.Closed)
            throw Refused(_refusal);
        if (HasSpace())
            return;
        _refusal = JournalRefusal.DiskFull;
        throw Refused(JournalRefusal.DiskFull);
    }

    private JournalUnavailableException Refused(JournalRefusal refusal) => new(refusal, refusal switch
    {
        JournalRefusal.Replaying => FormattableString.Invariant($"The journal is being read, {ReplayProgress:P0} done."),
        JournalRefusal.DiskFull => $"The store's disk has less than {_options.ReserveBytes >> 20} MiB free: nothing is taken until there is room.",
        _ => "The journal is closed.",
    });

    /// <summary>Asks the disk once a second, counts what was written since, and asks each time once there is too little.</summary>
    private bool HasSpace()
    {
        long now = _time.GetTimestamp();
        if (_spaceLeft < _options.ReserveBytes || _spaceChecked == long.MinValue || _time.GetElapsedTime(_spaceChecked, now) >= SpaceCheckInterval)
        {
            _spaceLeft = _freeBytes();
            _spaceChecked = now;
        }
        return _spaceLeft >= _options.ReserveBytes;
    }

    private async Task SyncRegularlyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.SyncInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    await SyncAsync().ConfigureAwait(false);
                }
                catch (IOException)
                {
                    // Counted, and shown as trouble.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Closing syncs once more.
        }
    }

    private void SyncInTurn()
    {
        long written = Volatile.Read(ref _writtenBatches);
        OpenSegment[] ended;
        OpenSegment? current;
        lock (_gate)
        {
            ended = [.. _ended];
            current = _current;
        }
        long started = _time.GetTimestamp();
        foreach (OpenSegment segment in ended)
        {
            try
            {
                segment.Sync();
            }
            finally
            {
                lock (_gate)
                {
                    _ended.Remove(segment);
                    ClosedSegment closed = segment.Close();
                    if (closed.Length > 0)
                        _closed.Add(closed);
                    else
                        File.Delete(closed.FilePath);
                }
            }
        }
        current?.Sync();
        _syncedBatches = written;
        if (_refusal == JournalRefusal.None)
            _trouble = null;
        _metrics.Synced(_time.GetElapsedTime(started));
    }
}
