using System.Buffers.Binary;

namespace Observability.Storage.Blocks.Columns;

/// <summary>Reads what a <see cref="ByteSink"/> wrote. Every read is bounded; one past the end throws.</summary>
internal ref struct ByteSource(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public byte Byte() => Take(1)[0];

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw new CorruptDataException("A number is longer than 64 bits.");
    }

    public long SignedVarint() => ZigZag.Decode(Varint());

    /// <summary>A number that must not be above a limit.</summary>
    public int Varint(int limit)
    {
        ulong value = Varint();
        return value <= (ulong)limit ? (int)value : throw new CorruptDataException($"The number {value} is above {limit}.");
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)(_bytes.Length - Position))
            throw new CorruptDataException("It ends too early.");
        ReadOnlySpan<byte> taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }
}
