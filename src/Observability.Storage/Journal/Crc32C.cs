using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Observability.Storage;

/// <summary>CRC-32C (Castagnoli), by the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Of(0, bytes);

    /// <summary>The checksum of bytes behind others.</summary>
    /// <param name="seed">What goes before the bytes: their checksum, or any number that shall count as well.</param>
    /// <param name="bytes">What comes behind.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Of(uint seed, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~seed;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
