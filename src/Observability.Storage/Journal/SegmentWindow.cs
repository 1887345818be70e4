namespace Observability.Storage;

/// <summary>Some records of a segment, by partition. Used again for the next ones.</summary>
internal sealed class SegmentWindow(int bytes = SegmentWindow.UsualBytes)
{
    public const int UsualBytes = 4 << 20; // small enough to be in the processor's cache when it is applied

    private readonly Dictionary<int, List<Frame>> _byPartition = [];

    public byte[] Bytes { get; private set; } = GC.AllocateUninitializedArray<byte>(bytes);

    public bool IsEmpty { get; private set; } = true;

    /// <summary>The records by the partition's number in the segment.</summary>
    public IEnumerable<KeyValuePair<int, List<Frame>>> ByPartition => _byPartition.Where(partition => partition.Value.Count > 0);

    public ReadOnlySpan<byte> Payload(Frame frame) => Bytes.AsSpan(frame.Start, frame.Length);

    public void Add(int partition, Frame frame)
    {
        if (!_byPartition.TryGetValue(partition, out List<Frame>? frames))
            _byPartition.Add(partition, frames = []);
        frames.Add(frame);
        IsEmpty = false;
    }

    public void Clear()
    {
        IsEmpty = true;
        foreach (List<Frame> frames in _byPartition.Values)
            frames.Clear();
    }

    /// <summary>Loses its content.</summary>
    public void Grow(int bytes)
    {
        Clear();
        Bytes = GC.AllocateUninitializedArray<byte>(bytes);
    }

    internal readonly record struct Frame(FrameType Type, int Start, int Length);
}
