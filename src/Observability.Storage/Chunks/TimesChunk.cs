namespace Observability.Storage.Chunks;

/// <summary>The times of up to <see cref="PackedValues.MaxCount"/> rows of a group, rising strictly: differences of differences as varints.</summary>
internal sealed class TimesChunk(long firstMs)
{
    /// <summary>Bytes that must be readable behind the times; their content does not matter.</summary>
    public const int Padding = Varints.LongestBytes;

    private byte[] _bytes = [];
    private int _length;
    private long _lastDifferenceMs;

    public long FirstMs { get; } = firstMs;

    public long LastMs { get; private set; } = firstMs;

    /// <summary>Rows.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>The group that still adds to it, and the chunks of values whose times it has.</summary>
    public int Users { get; set; }

    /// <summary>All but the first time.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <param name="timestampMs">Later than all before.</param>
    public void Append(long timestampMs)
    {
        if (_bytes.Length - _length < Varints.LongestBytes)
            Array.Resize(ref _bytes, Math.Max(24, _bytes.Length * 3 / 2));
        long differenceMs = timestampMs - LastMs;
        _length += Varints.Write(_bytes.AsSpan(_length), Count == 1 ? (ulong)differenceMs : Varints.ZigZag(differenceMs - _lastDifferenceMs));
        _lastDifferenceMs = differenceMs;
        LastMs = timestampMs;
        Count++;
    }

    /// <summary>Gives back what was reserved for more.</summary>
    public void Close() => Array.Resize(ref _bytes, _length);

    public long TimeOf(int row)
    {
        if (row == 0)
            return FirstMs;
        Span<long> times = stackalloc long[PackedValues.MaxCount];
        Span<byte> padded = stackalloc byte[_length + Padding];
        Bytes.CopyTo(padded);
        Decode(padded, FirstMs, 0, times[..(row + 1)]);
        return times[row];
    }

    /// <summary>Reads the times of rows.</summary>
    /// <param name="source"><see cref="Bytes"/> and, behind them, <see cref="Padding"/>.</param>
    /// <param name="firstMs">Time of row 0.</param>
    /// <param name="firstRow">The first row wanted.</param>
    /// <param name="timesMs">Filled.</param>
    public static void Decode(ReadOnlySpan<byte> source, long firstMs, int firstRow, Span<long> timesMs)
    {
        long timeMs = firstMs, differenceMs = 0;
        int position = 0, row = 0;
        if (row < firstRow)
        {
            differenceMs = (long)Varints.Read(source, ref position);
            timeMs += differenceMs;
            for (row = 1; row < firstRow; row++)
            {
                differenceMs += Varints.UnZigZag(Varints.Read(source, ref position));
                timeMs += differenceMs;
            }
        }
        timesMs[0] = timeMs;
        int at = 1;
        if (row == 0 && at < timesMs.Length)
        {
            differenceMs = (long)Varints.Read(source, ref position);
            timesMs[at++] = timeMs += differenceMs;
        }
        for (; at < timesMs.Length; at++)
        {
            differenceMs += Varints.UnZigZag(Varints.Read(source, ref position));
            timesMs[at] = timeMs += differenceMs;
        }
    }
}
