using System.Runtime.InteropServices;

namespace Observability.Storage.Head;

/// <summary>A full chunk's header in front of its <see cref="Chunks.PackedValues"/>.</summary>
/// <param name="Older">The next older chunk of the series.</param>
/// <param name="Times">The chunk of times.</param>
/// <param name="Length">Bytes of the values.</param>
/// <param name="FirstRow">Its first row in the times.</param>
/// <param name="Count">Rows.</param>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal readonly record struct PackedChunk(uint Older, int Times, ushort Length, byte FirstRow, byte Count)
{
    public const int Bytes = 12;

    public int LastRow => FirstRow + Count - 1;

    public static PackedChunk Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<PackedChunk>(bytes);

    public void Write(Span<byte> bytes) => MemoryMarshal.Write(bytes, this);
}
