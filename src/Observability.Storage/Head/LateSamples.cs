namespace Observability.Storage.Head;

/// <summary>Samples of one series that came behind newer ones: few, sorted by time, each time once.</summary>
internal sealed class LateSamples
{
    /// <summary>Most that a series keeps.</summary>
    public const int MaxCount = 4096;

    private long[] _timestampsMs = new long[4];
    private long[] _valueBits = new long[4];

    public int Count { get; private set; }

    public ReadOnlySpan<long> TimestampsMs => _timestampsMs.AsSpan(0, Count);

    public ReadOnlySpan<long> ValueBits => _valueBits.AsSpan(0, Count);

    /// <summary>False where there is no room for more.</summary>
    public bool TryAdd(long timestampMs, long valueBits)
    {
        if (Count == MaxCount)
            return false;
        if (Count == _valueBits.Length)
        {
            Array.Resize(ref _timestampsMs, Count * 2);
            Array.Resize(ref _valueBits, Count * 2);
        }
        int at = ~TimestampsMs.BinarySearch(timestampMs);
        _timestampsMs.AsSpan(at, Count - at).CopyTo(_timestampsMs.AsSpan(at + 1));
        _valueBits.AsSpan(at, Count - at).CopyTo(_valueBits.AsSpan(at + 1));
        _timestampsMs[at] = timestampMs;
        _valueBits[at] = valueBits;
        Count++;
        return true;
    }

    public bool TryGet(long timestampMs, out long valueBits)
    {
        int at = TimestampsMs.BinarySearch(timestampMs);
        valueBits = at >= 0 ? _valueBits[at] : 0;
        return at >= 0;
    }

    public void DropBefore(long timestampMs)
    {
        int at = TimestampsMs.BinarySearch(timestampMs);
        if (at < 0)
            at = ~at;
        TimestampsMs[at..].CopyTo(_timestampsMs);
        ValueBits[at..].CopyTo(_valueBits);
        Count -= at;
    }
}
