using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Observability.Storage.Blocks.Columns;

/// <summary>
/// Unsigned numbers, most of them small, in two streams: a byte each that says how many bits the number has, and those bits without the
/// leading one. The bytes compress well by zstd, whatever the distribution; the bits are noise and are kept as they are.
/// </summary>
internal static class Residuals
{
    /// <summary>Bytes that must be readable behind the last bit.</summary>
    public const int Padding = 8;

    private const int MaxShortBits = 56; // what one read of 8 bytes yields at any bit offset

    /// <summary>Writes the two streams, the bits from a byte boundary to a byte boundary.</summary>
    public static void Write(ReadOnlySpan<ulong> numbers, ByteSink classes, ByteSink bits)
    {
        Span<byte> classBytes = classes.Reserve(numbers.Length);
        Span<byte> bitBytes = bits.Reserve((numbers.Length * sizeof(ulong)) + Padding);
        ulong pending = 0;
        int pendingBits = 0, length = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            ulong number = numbers[i];
            int width = 64 - BitOperations.LeadingZeroCount(number);
            classBytes[i] = (byte)width;
            if (width < 2)
                continue;
            int count = width - 1;
            ulong low = number & ((1UL << count) - 1);
            pending |= low << pendingBits;
            if (pendingBits + count >= 64)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bitBytes[length..], pending);
                length += sizeof(ulong);
                pending = pendingBits == 0 ? 0 : low >> (64 - pendingBits);
                pendingBits += count - 64;
            }
            else
                pendingBits += count;
        }
        BinaryPrimitives.WriteUInt64LittleEndian(bitBytes[length..], pending);
        length += (pendingBits + 7) / 8;
        classes.Advance(numbers.Length);
        bits.Advance(length);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; as many numbers as there are classes.</summary>
    /// <param name="classes">A byte for each number.</param>
    /// <param name="bits">The bits and <see cref="Padding"/> bytes behind them.</param>
    /// <param name="numbers">Receives the numbers.</param>
    public static void Read(ReadOnlySpan<byte> classes, ReadOnlySpan<byte> bits, Span<ulong> numbers)
    {
        numbers = numbers[..classes.Length];
        // Checked once for all, so that the loop need not: no class is above 64, and the bits are there.
        long total = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] > 64)
                throw new CorruptDataException($"A number of {classes[i]} bits.");
            total += Math.Max(classes[i] - 1, 0);
        }
        if ((total + 7) / 8 > bits.Length - Padding)
            throw new CorruptDataException("Bits are missing.");

        ref byte first = ref MemoryMarshal.GetReference(bits);
        long position = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            int width = classes[i];
            int count = width - (int)((uint)-width >> 31); // one less, but not below 0
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, (nint)(position >> 3))) >> (int)(position & 7);
            if (count > MaxShortBits && (position & 7) != 0)
                word |= (ulong)Unsafe.Add(ref first, (nint)(position >> 3) + 8) << (64 - (int)(position & 7));
            numbers[i] = ((1UL << (width & 63)) >> 1) | (word & ((1UL << count) - 1));
            if (width == 64)
                numbers[i] |= 1UL << 63;
            position += count;
        }
    }
}
