using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Observability.Storage.Chunks;

/// <summary>Reads the samples of one XOR chunk, oldest first.</summary>
internal ref struct XorReader
{
    private readonly ReadOnlySpan<byte> _chunk;
    private readonly int _count;
    private int _read, _position, _leading, _windowBits;
    private long _deltaMs;

    /// <param name="chunk">The chunk and, behind it, <see cref="XorChunk.Padding"/> bytes of anything.</param>
    public XorReader(ReadOnlySpan<byte> chunk)
    {
        _chunk = chunk;
        _count = BinaryPrimitives.ReadUInt16BigEndian(chunk);
        _position = 16;
    }

    public readonly int Count => _count;

    public long TimestampMs { get; private set; }

    public long ValueBits { get; private set; }

    public bool MoveNext()
    {
        if (_read == _count)
            return false;
        if (_read > 1)
        {
            _deltaMs += ReadTime();
            TimestampMs += _deltaMs;
            ReadValue();
        }
        else if (_read == 0)
        {
            ulong zigzag = ReadVarint();
            TimestampMs = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
            ValueBits = (long)ReadBits(64);
        }
        else
        {
            _deltaMs = (long)ReadVarint();
            TimestampMs += _deltaMs;
            ReadValue();
        }
        _read++;
        return true;
    }

    private long ReadTime()
    {
        uint prefix = (uint)(Peek() >> 60);
        if ((prefix & 0b1000) == 0)
        {
            _position++;
            return 0;
        }
        if (prefix == 0b1111)
        {
            _position += 4;
            return (long)ReadBits(64);
        }
        (int prefixBits, int bits) = (prefix & 0b0100) == 0 ? (2, 14) : (prefix & 0b0010) == 0 ? (3, 17) : (4, 20);
        _position += prefixBits;
        long change = (long)ReadBits(bits);
        return change > 1L << (bits - 1) ? change - (1L << bits) : change;
    }

    private void ReadValue()
    {
        uint prefix = (uint)(Peek() >> 62);
        if ((prefix & 0b10) == 0)
        {
            _position++;
            return;
        }
        _position += 2;
        if (prefix == 0b11)
        {
            uint window = (uint)ReadBits(11);
            _leading = (int)(window >> 6);
            _windowBits = (int)(window & 0x3F);
            if (_windowBits == 0)
                _windowBits = 64;
        }
        ValueBits ^= (long)(ReadBits(_windowBits) << (64 - _leading - _windowBits));
    }

    /// <summary>The bits ahead, at the top: at least 57 of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Peek() => BinaryPrimitives.ReadUInt64BigEndian(_chunk[(_position >> 3)..]) << (_position & 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ReadBits(int count)
    {
        ulong bits = Peek();
        int used = _position & 7;
        if (used + count > 64)
            bits |= (ulong)_chunk[(_position >> 3) + 8] >> (8 - used);
        _position += count;
        return bits >> (64 - count);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = _chunk[_position >> 3];
            _position += 8;
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
