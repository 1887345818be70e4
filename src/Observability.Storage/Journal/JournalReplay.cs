using System.Collections.Concurrent;
using System.Diagnostics;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// Reads the segments that earlier processes left, in order, and gives them to the store: partitions in parallel, each partition's
/// records in the order of writing. While one window of a segment is applied, the next is read.
/// </summary>
internal sealed class JournalReplay(StoreDirectory directory, IJournalReplay into, Action<long> progress)
{
    private readonly List<ClosedSegment> _segments = [];
    private readonly List<JournalLoss> _losses = [];
    private SegmentWindow _window = new(), _nextWindow = new();
    private long _series, _samples, _bytes;

    /// <summary>The segments that are there now.</summary>
    public IReadOnlyList<ClosedSegment> Segments => _segments;

    public async Task<JournalReplayReport> RunAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        IReadOnlyList<(long Number, string Path)> files = SegmentReader.In(directory.JournalPath);
        foreach ((_, string path) in files)
            await ApplyAsync(path, isLast: path == files[^1].Path, cancellationToken).ConfigureAwait(false);
        return new JournalReplayReport(files.Count, _bytes, _series, _samples, Stopwatch.GetElapsedTime(started), _losses);
    }

    private async Task ApplyAsync(string path, bool isLast, CancellationToken cancellationToken)
    {
        List<PartReplay?> parts = []; // by the partition's number in the segment; null where it was deleted since
        using var segment = new SegmentReader(path);
        long before = _bytes;
        bool more = segment.Read(_window);
        directory.Observe(segment.StampMs);
        while (more)
        {
            foreach (TenantUid partition in segment.Partitions.Skip(parts.Count))
                parts.Add(segment.StampMs >= directory.DeletedBeforeMs(partition) ? new PartReplay(partition, into) : null);
            Task<bool> next = Task.Run(() => segment.Read(_nextWindow), CancellationToken.None);
            try
            {
                Apply(_window, parts, cancellationToken);
            }
            finally
            {
                more = await next.ConfigureAwait(false);
            }
            (_window, _nextWindow) = (_nextWindow, _window);
            progress(_bytes = before + segment.GoodLength);
        }
        progress(_bytes = before + segment.Length);
        Finish(segment, parts, isLast);
    }

    private static void Apply(SegmentWindow window, List<PartReplay?> parts, CancellationToken cancellationToken) =>
        // The largest first: the one that takes longest must not begin last.
        Parallel.ForEach(
            Partitioner.Create(window.ByPartition.OrderByDescending(part => part.Value.Sum(frame => (long)frame.Length)), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { CancellationToken = cancellationToken },
            part => parts[part.Key]?.Run(window, part.Value, cancellationToken));

    private void Finish(SegmentReader segment, List<PartReplay?> parts, bool isLast)
    {
        var newest = new Dictionary<TenantUid, long>();
        foreach (PartReplay part in parts.OfType<PartReplay>())
        {
            newest[part.Partition] = part.NewestMs;
            _series += part.Series;
            _samples += part.Samples;
            if (part.IsMalformed)
                _losses.Add(new JournalLoss($"{segment.FilePath} (records of partition {part.Partition} that make no sense)", 0, 0, IsTail: false));
        }
        if (segment.GoodLength < segment.Length)
        {
            _losses.Add(new JournalLoss(segment.FilePath, segment.GoodLength, segment.Length - segment.GoodLength, isLast));
            if (!isLast)
                File.Copy(segment.FilePath, segment.FilePath + ".corrupt", overwrite: true); // for whoever wants to look at it
        }
        if (segment.GoodLength == 0)
        {
            File.Delete(segment.FilePath);
            return;
        }
        if (segment.GoodLength < segment.Length)
            Truncate(segment);
        _segments.Add(new ClosedSegment(segment.Number, segment.StampMs, segment.FilePath, segment.GoodLength, newest));
    }

    private static void Truncate(SegmentReader segment)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(segment.FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, segment.GoodLength);
        RandomAccess.FlushToDisk(file);
    }
}
