namespace Observability.Model;

/// <summary>
/// Samples of one series as two columns, oldest first: a buffer that its owner fills again and again. Times rise strictly. Values are any
/// doubles, the stale marker included. Used by one thread at a time.
/// </summary>
public sealed class SampleColumns
{
    private long[] _timestampsMs = [];
    private double[] _values = [];

    /// <summary>Samples held.</summary>
    public int Count { get; private set; }

    /// <summary>Milliseconds since the Unix epoch; good until the next call that adds.</summary>
    public ReadOnlySpan<long> TimestampsMs => _timestampsMs.AsSpan(0, Count);

    /// <summary>The values of the same places; good until the next call that adds.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(long timestampMs, double value)
    {
        Reserve(1);
        _timestampsMs[Count] = timestampMs;
        _values[Count++] = value;
    }

    /// <summary>Makes place for samples behind the last one, for a decoder to fill whole; they count at once.</summary>
    public void Extend(int count, out Span<long> timestampsMs, out Span<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Reserve(count);
        timestampsMs = _timestampsMs.AsSpan(Count, count);
        values = _values.AsSpan(Count, count);
        Count += count;
    }

    /// <summary>Forgets the last samples.</summary>
    public void RemoveLast(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count);
        Count -= count;
    }

    private void Reserve(int more)
    {
        if (Count + more <= _values.Length)
            return;
        int capacity = Math.Max(Math.Max(128, _values.Length * 2), Count + more);
        Array.Resize(ref _timestampsMs, capacity);
        Array.Resize(ref _values, capacity);
    }
}
