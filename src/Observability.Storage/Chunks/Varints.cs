using System.Runtime.CompilerServices;

namespace Observability.Storage.Chunks;

/// <summary>Numbers of 7 bits a byte, low first; signed ones zigzag.</summary>
internal static class Varints
{
    public const int LongestBytes = 10;

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, ulong value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            target[length++] = (byte)(value | 0x80);
        target[length] = (byte)value;
        return length + 1;
    }

    public static int Length(ulong value) => (64 - System.Numerics.BitOperations.LeadingZeroCount(value | 1) + 6) / 7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> source, ref int position)
    {
        ulong part = source[position++];
        if (part < 0x80)
            return part;
        ulong value = part & 0x7F;
        for (int shift = 7; ; shift += 7)
        {
            part = source[position++];
            value |= (part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
