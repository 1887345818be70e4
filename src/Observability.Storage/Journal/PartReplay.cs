using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Observability.Model;

namespace Observability.Storage;

/// <summary>Gives one partition's records of one segment to the store, window by window.</summary>
internal sealed class PartReplay(TenantUid partition, IJournalReplay into)
{
    private readonly List<Label> _labels = [];
    private readonly IdSet _defined = new();
    private long[] _ids = [];
    private long[] _values = [];
    private JournalRun[] _runs = [];

    public TenantUid Partition => partition;

    /// <summary>True once a record made no sense; then nothing more is given.</summary>
    public bool IsMalformed { get; private set; }

    public long Samples { get; private set; }

    public long Series { get; private set; }

    public long NewestMs { get; private set; } = long.MinValue;

    public void Run(SegmentWindow window, List<SegmentWindow.Frame> frames, CancellationToken cancellationToken)
    {
        if (IsMalformed)
            return;
        try
        {
            foreach (SegmentWindow.Frame frame in frames)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var reader = new FrameReader(window.Payload(frame));
                _ = reader.Number(); // the partition, by which the frame came here
                if (frame.Type == FrameType.Series)
                    Define(ref reader);
                else
                    Append(ref reader);
            }
        }
        catch (InvalidDataException)
        {
            IsMalformed = true;
        }
    }

    private void Define(ref FrameReader reader)
    {
        int count = reader.Count(halfBytesEach: 4);
        long id = 0;
        for (int i = 0; i < count; i++)
        {
            id += reader.Signed();
            var labels = new Label[reader.Count(halfBytesEach: 2)];
            for (int at = 0; at < labels.Length; at++)
            {
                ulong number = reader.Number();
                if (number == (ulong)_labels.Count)
                    _labels.Add(new Label(reader.Text(), reader.Text()));
                else if (number > (ulong)_labels.Count)
                    throw FrameReader.Malformed();
                labels[at] = _labels[(int)number];
            }
            into.Define(partition, id, LabelSet.FromSorted(ImmutableCollectionsMarshal.AsImmutableArray(labels)));
            _defined.Add(id);
            Series++;
        }
    }

    private void Append(ref FrameReader reader)
    {
        int runs = reader.Count(halfBytesEach: 4);
        int samples = reader.Count(halfBytesEach: 3);
        if (_ids.Length < samples)
        {
            _ids = new long[samples];
            _values = new long[samples];
        }
        if (_runs.Length < runs)
            _runs = new JournalRun[runs];
        Span<JournalRun> times = _runs.AsSpan(0, runs);
        long timeMs = 0, total = 0;
        foreach (ref JournalRun run in times)
        {
            timeMs += reader.Signed();
            run = new JournalRun(timeMs, (int)Math.Min(reader.Number(), int.MaxValue));
            total += run.Count;
        }
        if (total != samples)
            throw FrameReader.Malformed();
        Span<long> ids = _ids.AsSpan(0, samples);
        reader.Differences(ids);
        reader.Values(_values.AsSpan(0, samples));
        foreach (long id in ids)
        {
            if (!_defined.Contains(id))
                throw FrameReader.Malformed();
        }
        int start = 0;
        foreach ((long timestampMs, int count) in times)
        {
            into.Append(partition, timestampMs, ids.Slice(start, count), _values.AsSpan(start, count));
            NewestMs = Math.Max(NewestMs, timestampMs);
            start += count;
        }
        Samples += samples;
    }
}
