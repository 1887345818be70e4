using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Observability.Storage;

/// <summary>Reads the payload of one frame whose checksum was right; what still makes no sense throws <see cref="InvalidDataException"/>.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public ulong Number()
    {
        ulong value = 0;
        for (int i = 0, shift = 0; i < _rest.Length && shift < 64; i++, shift += 7)
        {
            byte part = _rest[i];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw Malformed();
    }

    public long Signed()
    {
        ulong zigzag = Number();
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    /// <summary>A number of things that take at least so many half bytes each, so that it cannot promise more than is there.</summary>
    public int Count(int halfBytesEach)
    {
        ulong count = Number();
        return count <= (ulong)_rest.Length * 2 / (ulong)halfBytesEach ? (int)count : throw Malformed();
    }

    public ReadOnlySpan<byte> Raw(int bytes)
    {
        if (bytes > _rest.Length)
            throw Malformed();
        ReadOnlySpan<byte> raw = _rest[..bytes];
        _rest = _rest[bytes..];
        return raw;
    }

    public string Text() => Encoding.UTF8.GetString(Raw(Count(2)));

    // Optimised at once: at a start there is no time to find out that they are called often.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Differences(Span<long> values)
    {
        long previous = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!_rest.IsEmpty && _rest[0] < 0x80)
            {
                uint small = _rest[0]; // nearly all
                _rest = _rest[1..];
                previous += (int)(small >> 1) ^ -(int)(small & 1);
            }
            else
                previous += Signed();
            values[i] = previous;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Values(Span<long> values)
    {
        ReadOnlySpan<byte> lengths = Raw((values.Length + 1) / 2);
        for (int i = 0; i < values.Length; i++)
        {
            int length = (lengths[i >> 1] >> ((i & 1) << 2)) & 0xF;
            if (length > sizeof(long) || length > _rest.Length)
                throw Malformed();
            if (_rest.Length >= sizeof(long))
                values[i] = length == 0 ? 0 : BinaryPrimitives.ReadInt64BigEndian(_rest) & (-1L << (64 - (length << 3)));
            else
            {
                long value = 0;
                for (int at = 0; at < length; at++)
                    value |= (long)((ulong)_rest[at] << (56 - (at << 3)));
                values[i] = value;
            }
            _rest = _rest[length..];
        }
    }

    public static InvalidDataException Malformed() => new("A record of the journal has the right checksum and makes no sense.");
}
