using System.Runtime.InteropServices;

namespace Observability.Storage.Blocks.Files;

/// <summary>Where a unit lies in <c>data.bin</c>: its heads and classes, compressed, then its bits. A row of the index.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct UnitEntry
{
    public long Offset { get; init; }

    /// <summary>Bytes of heads and classes on disk; as many as <see cref="PlainBytes"/> where compression gained nothing.</summary>
    public int PackedBytes { get; init; }

    public int PlainBytes { get; init; }

    public int HeadBytes { get; init; }

    public int BitBytes { get; init; }

    public int Columns { get; init; }

    /// <summary>CRC-32C of all that is on disk.</summary>
    public uint Checksum { get; init; }

    public int SizeOnDisk => PackedBytes + BitBytes;
}
