using System.Collections.Concurrent;
using System.Diagnostics;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// Reads the segments that earlier processes left, in order, and gives them to the store: partitions in parallel, each partition's
/// records in the order of writing. While one segment is applied, the next is read.
/// </summary>
internal sealed class JournalReplay(StoreDirectory directory, IJournalReplay into, Action<long> progress)
{
    private readonly List<ClosedSegment> _segments = [];
    private readonly List<JournalLoss> _losses = [];
    private long _series, _samples, _bytes;

    /// <summary>The segments that are there now.</summary>
    public IReadOnlyList<ClosedSegment> Segments => _segments;

    public async Task<JournalReplayReport> RunAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        IReadOnlyList<(long Number, string Path)> files = SegmentFile.In(directory.JournalPath);
        Task<SegmentFile>? next = null;
        try
        {
            for (int i = 0; i < files.Count; i++)
            {
                next ??= ReadAsync(files[i].Path, cancellationToken);
                using SegmentFile segment = await next.ConfigureAwait(false);
                next = i + 1 < files.Count ? ReadAsync(files[i + 1].Path, cancellationToken) : null;
                Apply(segment, isLast: i + 1 == files.Count, cancellationToken);
                progress(_bytes += segment.Length);
            }
        }
        finally
        {
            if (next is not null)
                (await next.ContinueWith(read => read.IsCompletedSuccessfully ? read.GetAwaiter().GetResult() : null, TaskScheduler.Default).ConfigureAwait(false))?.Dispose();
        }
        return new JournalReplayReport(files.Count, _bytes, _series, _samples, Stopwatch.GetElapsedTime(started), _losses);
    }

    private static Task<SegmentFile> ReadAsync(string path, CancellationToken cancellationToken) =>
        Task.Run(() => SegmentFile.Read(path, cancellationToken), cancellationToken);

    private void Apply(SegmentFile segment, bool isLast, CancellationToken cancellationToken)
    {
        directory.Observe(segment.StampMs);
        var newest = new ConcurrentDictionary<TenantUid, long>();
        var malformed = new ConcurrentBag<TenantUid>();
        // The largest first: the one that takes longest must not begin last.
        SegmentFile.Part[] parts = [.. segment.Parts
            .Where(part => segment.StampMs >= directory.DeletedBeforeMs(part.Partition)).OrderByDescending(part => part.Frames.Sum(frame => (long)frame.Length))];
        Parallel.ForEach(Partitioner.Create(parts, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { CancellationToken = cancellationToken }, part =>
            {
                var replay = new PartReplay(segment, part, into);
                try
                {
                    replay.Run(cancellationToken);
                }
                catch (InvalidDataException)
                {
                    malformed.Add(part.Partition);
                }
                newest[part.Partition] = replay.NewestMs;
                Interlocked.Add(ref _series, replay.Series);
                Interlocked.Add(ref _samples, replay.Samples);
            });
        foreach (TenantUid partition in malformed)
            _losses.Add(new JournalLoss($"{segment.FilePath} (records of partition {partition} that make no sense)", 0, 0, IsTail: false));
        if (segment.GoodLength < segment.Length)
        {
            _losses.Add(new JournalLoss(segment.FilePath, segment.GoodLength, segment.Length - segment.GoodLength, isLast));
            segment.Truncate(keepsCopy: !isLast);
        }
        else if (segment.Length == 0)
            File.Delete(segment.FilePath);
        if (segment.GoodLength > 0)
            _segments.Add(new ClosedSegment(segment.Number, segment.StampMs, segment.FilePath, segment.GoodLength, newest));
    }
}
