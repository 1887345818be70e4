using System.Runtime.InteropServices;

namespace Observability.Storage.Blocks.Files;

/// <summary>The parts of <c>index.bin</c>, in their order. All numbers are little-endian; each part begins at a multiple of 8.</summary>
internal enum IndexPart
{
    /// <summary>One <see cref="IndexFacts"/>, then the partition's UID.</summary>
    Facts,

    /// <summary>A u32 a symbol, and one more: where each begins and ends in <see cref="Symbols"/>. Sorted by bytes.</summary>
    SymbolOffsets,

    /// <summary>UTF-8.</summary>
    Symbols,

    /// <summary>A <see cref="NameEntry"/> a label name, sorted by bytes, and one more that ends the last.</summary>
    Names,

    /// <summary>A u32 a pair: the symbol of its value. Sorted by name, then by bytes.</summary>
    PairValues,

    /// <summary>A <see cref="PostingsEntry"/> a pair.</summary>
    PairPostings,

    /// <summary>Series of pairs: rising u32 lists, but for those that are a range.</summary>
    Postings,

    /// <summary>A u32 a series, and one more: where each begins and ends in <see cref="Series"/>.</summary>
    SeriesOffsets,

    /// <summary>Series in the order of their labels, as varints: pairs, runs, and first and last time where these are not those of a column of times.</summary>
    Series,

    /// <summary>A <see cref="TimesEntry"/> a column of times.</summary>
    Times,

    /// <summary>A <see cref="UnitEntry"/> a unit of the data.</summary>
    Units,
}

/// <summary>The head of an index: a magic number, then a <see cref="PartEntry"/> a part, then their CRC-32C.</summary>
internal static class IndexFormat
{
    public const int Parts = (int)IndexPart.Units + 1;
    public const int Alignment = 8;

    public static ReadOnlySpan<byte> Magic => "OBSBLK01"u8;

    public static int HeadBytes => Magic.Length + (Parts * Marshal.SizeOf<PartEntry>()) + sizeof(uint);
}

[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct PartEntry(long Offset, long Length, uint Checksum);

[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct IndexFacts(long FromMs, long ToMs, long Series, long Samples, long DataBytes);

[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct NameEntry(int Symbol, int FirstPair);

/// <summary>The series that have a pair: <paramref name="Count"/> from <paramref name="First"/> of the postings, or of all series where they are neighbours.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct PostingsEntry(uint First, uint Count)
{
    private const uint RangeFlag = 0x8000_0000;

    public bool IsRange => (Count & RangeFlag) != 0;

    public int Length => (int)(Count & ~RangeFlag);

    public static PostingsEntry List(int first, int count) => new((uint)first, (uint)count);

    public static PostingsEntry Range(int first, int count) => new((uint)first, (uint)count | RangeFlag);
}
