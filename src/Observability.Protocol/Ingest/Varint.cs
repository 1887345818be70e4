namespace Observability.Protocol.Ingest;

/// <summary>Base-128 varints, least significant group first, as in protobuf; and zigzag, which keeps small negatives short.</summary>
internal static class Varint
{
    /// <summary>Longest varint of 64 bits.</summary>
    internal const int MaxBytes = 10;

    internal static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    internal static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <returns>Bytes written, at most <see cref="MaxBytes"/>.</returns>
    internal static int Write(Span<byte> destination, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads one varint and moves the position behind it.</summary>
    /// <exception cref="BatchFormatException">It does not end, is over 64 bits, or has a needless last group (one value, one form).</exception>
    internal static ulong Read(ReadOnlySpan<byte> source, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if ((uint)position >= (uint)source.Length)
                throw new BatchFormatException("A column ends inside a number.");
            byte group = source[position++];
            if (shift == 63 && group > 1)
                break;
            value |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80)
                return group == 0 && shift > 0 ? throw new BatchFormatException("A number has a needless last byte.") : value;
        }
        throw new BatchFormatException("A number is over 64 bits.");
    }
}
