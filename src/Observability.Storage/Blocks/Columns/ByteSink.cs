using System.Buffers.Binary;

namespace Observability.Storage.Blocks.Columns;

/// <summary>Bytes that are written from front to back, in a buffer that is kept from one use to the next.</summary>
internal sealed class ByteSink
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for so many bytes behind the last one; only what <see cref="Advance"/> counts is kept.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        Length += sizeof(uint);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
        Length += sizeof(long);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Seven bits a byte, lowest first, the eighth bit says that more follow.</summary>
    public void Varint(ulong value)
    {
        Span<byte> bytes = Reserve(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        Length += length;
    }

    /// <summary>As <see cref="Varint"/>, small numbers of either sign being short.</summary>
    public void SignedVarint(long value) => Varint(ZigZag.Encode(value));
}
