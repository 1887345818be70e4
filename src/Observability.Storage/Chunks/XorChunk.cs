using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Observability.Storage.Chunks;

/// <summary>
/// Writes samples in the layout of Prometheus's XOR chunk, bit for bit: a big-endian count, then times as differences of differences
/// and values as XOR to the one before. Any increasing times and any 64 bits of value come back as they were.
/// </summary>
internal static class XorChunk
{
    /// <summary>Samples after which a chunk is full.</summary>
    public const int TargetSamples = 120;

    /// <summary>Bytes that must be free behind what is written before the next sample: the longest sample, and what a write touches behind it.</summary>
    public const int Headroom = 32;

    /// <summary>Bytes that must be readable behind a chunk; their content does not matter.</summary>
    public const int Padding = 8;

    private const int HeaderBytes = 2;

    public static bool HasRoom(in XorState state, int capacity) => Math.Max(state.ByteLength, HeaderBytes) + Headroom <= capacity;

    /// <summary>Adds a sample, whose time must be after the last one's. The buffer must have <see cref="Headroom"/>.</summary>
    public static void Append(ref XorState state, Span<byte> buffer, long timestampMs, long valueBits)
    {
        switch (state.Count)
        {
            case 0:
                state.BitLength = (HeaderBytes + WriteVarint(buffer[HeaderBytes..], (ulong)((timestampMs << 1) ^ (timestampMs >> 63)))) << 3;
                WriteBits(buffer, ref state.BitLength, (ulong)valueBits, 64);
                break;
            case 1:
                state.LastDeltaMs = timestampMs - state.LastMs;
                state.BitLength += WriteVarint(buffer[(state.BitLength >> 3)..], (ulong)state.LastDeltaMs) << 3;
                WriteValue(ref state, buffer, valueBits);
                break;
            default:
                long deltaMs = timestampMs - state.LastMs;
                WriteTime(ref state, buffer, deltaMs - state.LastDeltaMs);
                state.LastDeltaMs = deltaMs;
                WriteValue(ref state, buffer, valueBits);
                break;
        }
        state.LastMs = timestampMs;
        state.LastBits = valueBits;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, ++state.Count);
    }

    private static void WriteTime(ref XorState state, Span<byte> buffer, long change)
    {
        if (change == 0)
            WriteBits(buffer, ref state.BitLength, 0, 1);
        else if (change is >= -8191 and <= 8192)
            WriteBits(buffer, ref state.BitLength, (0b10UL << 14) | ((ulong)change & 0x3FFF), 16);
        else if (change is >= -65535 and <= 65536)
            WriteBits(buffer, ref state.BitLength, (0b110UL << 17) | ((ulong)change & 0x1_FFFF), 20);
        else if (change is >= -524287 and <= 524288)
            WriteBits(buffer, ref state.BitLength, (0b1110UL << 20) | ((ulong)change & 0xF_FFFF), 24);
        else
        {
            WriteBits(buffer, ref state.BitLength, 0b1111, 4);
            WriteBits(buffer, ref state.BitLength, (ulong)change, 64);
        }
    }

    private static void WriteValue(ref XorState state, Span<byte> buffer, long valueBits)
    {
        ulong xor = (ulong)(valueBits ^ state.LastBits);
        if (xor == 0)
        {
            WriteBits(buffer, ref state.BitLength, 0, 1);
            return;
        }
        int leading = Math.Min(BitOperations.LeadingZeroCount(xor), 31); // five bits hold it
        int trailing = BitOperations.TrailingZeroCount(xor);
        int windowTrailing = 64 - state.Leading - state.WindowBits;
        if (state.WindowBits != 0 && leading >= state.Leading && trailing >= windowTrailing)
        {
            WriteBits(buffer, ref state.BitLength, 0b10, 2);
            WriteBits(buffer, ref state.BitLength, xor >> windowTrailing, state.WindowBits);
            return;
        }
        int significant = 64 - leading - trailing;
        WriteBits(buffer, ref state.BitLength, (0b11UL << 11) | ((ulong)leading << 6) | ((ulong)significant & 0x3F), 13); // 64 is written as 0
        WriteBits(buffer, ref state.BitLength, xor >> trailing, significant);
        state.Leading = (byte)leading;
        state.WindowBits = (byte)significant;
    }

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

    private static int WriteVarint(Span<byte> buffer, ulong value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            buffer[length++] = (byte)(value | 0x80);
        buffer[length] = (byte)value;
        return length + 1;
    }
}
