using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Observability.Storage.Chunks;

/// <summary>
/// A stream of values without times, each as XOR to the one before, in the manner of Prometheus's XOR chunk. Any 64 bits come back as
/// they were. What the buffer holds behind the stream's end are zeros while it is written.
/// </summary>
internal static class XorValues
{
    /// <summary>Bytes that must be free behind the stream for any value but an unchanged one.</summary>
    public const int Headroom = 20;

    /// <summary>Bytes that must be readable behind a stream; their content does not matter.</summary>
    public const int Padding = 9;

    /// <summary>Writes the first value of an empty, zeroed buffer.</summary>
    public static ushort Begin(Span<byte> buffer, long valueBits)
    {
        BinaryPrimitives.WriteInt64BigEndian(buffer, valueBits);
        return 64;
    }

    /// <summary>True where a stream that long holds one value, again and again: all that follow take one bit.</summary>
    public static bool IsConstant(int bitLength, int count) => bitLength == 63 + count;

    /// <summary>Adds a value that is not the one before; an unchanged one is a zero bit.</summary>
    public static void AppendChange(Span<byte> buffer, ref ushort bitLength, ref byte leadingZeros, ref byte windowBits, ulong xor)
    {
        int leading = Math.Min(BitOperations.LeadingZeroCount(xor), 31); // five bits hold it
        int trailing = BitOperations.TrailingZeroCount(xor);
        int windowTrailing = 64 - leadingZeros - windowBits;
        int position = bitLength;
        if (windowBits != 0 && leading >= leadingZeros && trailing >= windowTrailing)
        {
            WriteBits(buffer, ref position, 0b10, 2);
            WriteBits(buffer, ref position, xor >> windowTrailing, windowBits);
        }
        else
        {
            int significant = 64 - leading - trailing;
            WriteBits(buffer, ref position, (0b11UL << 11) | ((ulong)leading << 6) | ((ulong)significant & 0x3F), 13); // 64 is written as 0
            WriteBits(buffer, ref position, xor >> trailing, significant);
            leadingZeros = (byte)leading;
            windowBits = (byte)significant;
        }
        bitLength = (ushort)position;
    }

    /// <summary>Reads as many values as there is room for.</summary>
    /// <param name="stream">The stream and, behind it, <see cref="Padding"/>.</param>
    /// <param name="values">Filled with the values' bits.</param>
    public static void Decode(ReadOnlySpan<byte> stream, Span<long> values)
    {
        if (values.IsEmpty)
            return;
        long value = BinaryPrimitives.ReadInt64BigEndian(stream);
        values[0] = value;
        int position = 64, trailing = 0, windowBits = 0;
        for (int i = 1; i < values.Length; i++)
        {
            ulong ahead = Peek(stream, position);
            if ((long)ahead >= 0)
            {
                position++;
                values[i] = value;
                continue;
            }
            if ((ahead & (1UL << 62)) == 0)
                position += 2;
            else
            {
                int leading = (int)(ahead >> 57) & 0x1F;
                windowBits = (int)(ahead >> 51) & 0x3F;
                if (windowBits == 0)
                    windowBits = 64;
                trailing = 64 - leading - windowBits;
                position += 13;
            }
            ulong bits = Peek(stream, position);
            int used = position & 7;
            if (used + windowBits > 64)
                bits |= (ulong)stream[(position >> 3) + 8] >> (8 - used);
            position += windowBits;
            value ^= (long)(bits >> (64 - windowBits) << trailing);
            values[i] = value;
        }
    }

    /// <summary>The bits ahead, at the top: at least 57 of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Peek(ReadOnlySpan<byte> stream, int position) =>
        BinaryPrimitives.ReadUInt64BigEndian(stream[(position >> 3)..]) << (position & 7);

    /// <summary>Writes the low bits of a value, 1 to 64 of them, highest first; touches up to 9 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteBits(Span<byte> buffer, ref int position, ulong value, int count)
    {
        int index = position >> 3, used = position & 7;
        ulong aligned = value << (64 - count);
        ulong kept = used == 0 ? 0 : (ulong)(byte)(buffer[index] & (0xFF00 >> used)) << 56;
        BinaryPrimitives.WriteUInt64BigEndian(buffer[index..], kept | (aligned >> used));
        if (used + count > 64)
            buffer[index + 8] = (byte)(aligned << (8 - used));
        position += count;
    }
}
