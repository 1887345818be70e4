using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// Writes batches as the records of one segment, each series with its definition at its first use there. Used by one thread at a time.
/// When anything fails behind <see cref="Encode"/>, the segment must end: the encoder takes for written what it has encoded.
/// </summary>
internal sealed class SegmentEncoder
{
    public const byte Version = 1;

    private readonly Dictionary<TenantUid, Defined> _partitions = [];

    public static ReadOnlySpan<byte> Magic => "OBSJ"u8;

    /// <summary>Time of the newest sample of each partition in the segment.</summary>
    public IEnumerable<KeyValuePair<TenantUid, long>> NewestMs => _partitions.Select(partition => KeyValuePair.Create(partition.Key, partition.Value.NewestMs));

    public static void Begin(FrameWriter frames, long number, long stampMs)
    {
        frames.Begin(FrameType.Segment);
        frames.Raw(Magic);
        frames.Raw([Version]);
        frames.Number((ulong)number);
        frames.Signed(stampMs);
        frames.End();
    }

    public void Encode(IReadOnlyList<JournalRecord> batch, FrameWriter frames)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            JournalRecord record = batch[i];
            Defined partition = PartitionOf(record.Partition, frames);
            Define(partition, record, frames);
            WriteSamples(partition, record, frames);
        }
    }

    private Defined PartitionOf(TenantUid uid, FrameWriter frames)
    {
        if (_partitions.TryGetValue(uid, out Defined? known))
            return known;
        var partition = new Defined(_partitions.Count);
        _partitions.Add(uid, partition);
        frames.Begin(FrameType.Partition);
        frames.Text(uid.ToString());
        frames.End();
        return partition;
    }

    private static void Define(Defined partition, JournalRecord record, FrameWriter frames)
    {
        ReadOnlySpan<long> ids = record.SeriesIds;
        List<int>? undefined = null;
        for (int i = 0; i < ids.Length; i++)
        {
            if (partition.Series.Add(ids[i]))
                (undefined ??= []).Add(i);
        }
        if (undefined is null)
            return;
        frames.Begin(FrameType.Series);
        frames.Number((ulong)partition.Number);
        frames.Number((ulong)undefined.Count);
        long previous = 0;
        foreach (int sample in undefined)
        {
            long id = record.SeriesIds[sample];
            frames.Signed(id - previous);
            previous = id;
            LabelSet labels = record.LabelsOf(sample);
            frames.Number((ulong)labels.Count);
            foreach (Label label in labels.AsSpan())
            {
                if (partition.Labels.TryGetValue(label, out int number))
                {
                    frames.Number((ulong)number);
                    continue;
                }
                frames.Number((ulong)partition.Labels.Count);
                frames.Text(label.Name);
                frames.Text(label.Value);
                partition.Labels.Add(label, partition.Labels.Count);
            }
        }
        frames.End();
    }

    private static void WriteSamples(Defined partition, JournalRecord record, FrameWriter frames)
    {
        ReadOnlySpan<JournalRun> runs = record.Runs;
        frames.Begin(FrameType.Samples);
        frames.Number((ulong)partition.Number);
        frames.Number((ulong)runs.Length);
        frames.Number((ulong)record.SeriesIds.Length);
        long previousMs = 0;
        foreach (JournalRun run in runs)
        {
            frames.Signed(run.TimestampMs - previousMs);
            frames.Number((ulong)run.Count);
            previousMs = run.TimestampMs;
            partition.NewestMs = Math.Max(partition.NewestMs, previousMs);
        }
        frames.Differences(record.SeriesIds);
        frames.Values(record.ValueBits);
        frames.End();
    }

    /// <summary>What the segment has said of a partition.</summary>
    private sealed class Defined(int number)
    {
        public readonly int Number = number;
        public readonly IdSet Series = new();
        public readonly Dictionary<Label, int> Labels = [];
        public long NewestMs = long.MinValue;
    }
}
