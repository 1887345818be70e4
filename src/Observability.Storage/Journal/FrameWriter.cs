using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Observability.Storage;

/// <summary>Builds frames one behind the other in a buffer that grows and is used again.</summary>
internal sealed class FrameWriter
{
    public const int HeaderBytes = 9;
    public const int LongestVarint = 10;

    private const int KeptBytes = 4 << 20; // a buffer that one huge batch made is not kept

    private byte[] _bytes = new byte[64 * 1024];
    private int _length;
    private int _frame;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptBytes)
            _bytes = new byte[64 * 1024];
    }

    public void Begin(FrameType type)
    {
        Reserve(HeaderBytes);
        _frame = _length;
        _bytes[_length + HeaderBytes - 1] = (byte)type;
        _length += HeaderBytes;
    }

    /// <summary>Ends the frame that was begun.</summary>
    public void End()
    {
        Span<byte> frame = _bytes.AsSpan(_frame, _length - _frame);
        uint length = (uint)(frame.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(length, frame[8..]));
    }

    public static uint Checksum(uint length, ReadOnlySpan<byte> typeAndPayload) => Crc32C.Of(length, typeAndPayload);

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Number(ulong value)
    {
        Reserve(LongestVarint);
        ref byte start = ref MemoryMarshal.GetArrayDataReference(_bytes);
        _length = (int)Unsafe.ByteOffset(ref start, ref Put(ref Unsafe.Add(ref start, _length), value));
    }

    public void Signed(long value) => Number(ZigZag(value));

    public void Text(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        Number((ulong)bytes);
        Reserve(bytes);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    /// <summary>Writes the differences of neighbours, beginning with the difference to 0.</summary>
    public void Differences(ReadOnlySpan<long> values)
    {
        Reserve(values.Length * LongestVarint);
        ref byte start = ref MemoryMarshal.GetArrayDataReference(_bytes);
        ref byte target = ref Unsafe.Add(ref start, _length);
        long previous = 0;
        foreach (long value in values)
        {
            target = ref Put(ref target, ZigZag(value - previous));
            previous = value;
        }
        _length = (int)Unsafe.ByteOffset(ref start, ref target);
    }

    /// <summary>Writes values without their low zero bytes: decimal and whole numbers have several.</summary>
    public void Values(ReadOnlySpan<long> values)
    {
        int lengthBytes = (values.Length + 1) / 2;
        Reserve(lengthBytes + ((values.Length + 1) * sizeof(long)));
        ref byte start = ref MemoryMarshal.GetArrayDataReference(_bytes);
        ref byte lengths = ref Unsafe.Add(ref start, _length);
        ref byte target = ref Unsafe.Add(ref lengths, lengthBytes);
        int i = 0;
        for (; i + 1 < values.Length; i += 2)
        {
            int first = Put(ref target, values[i]);
            target = ref Unsafe.Add(ref target, first);
            int second = Put(ref target, values[i + 1]);
            target = ref Unsafe.Add(ref target, second);
            lengths = (byte)(first | (second << 4));
            lengths = ref Unsafe.Add(ref lengths, 1);
        }
        if (i < values.Length)
        {
            int last = Put(ref target, values[i]);
            target = ref Unsafe.Add(ref target, last);
            lengths = (byte)last;
        }
        _length = (int)Unsafe.ByteOffset(ref start, ref target);
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>Writes all eight bytes, of which the returned number count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(ref byte target, long value)
    {
        Unsafe.WriteUnaligned(ref target, BinaryPrimitives.ReverseEndianness(value)); // journals stay on little-endian machines: Crc32C and this are all that would change
        return 8 - (int)(ulong.TrailingZeroCount((ulong)value) >> 3); // 64 for zero: none
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Put(ref byte target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target = (byte)(value | 0x80);
            target = ref Unsafe.Add(ref target, 1);
        }
        target = (byte)value;
        return ref Unsafe.Add(ref target, 1);
    }

    private void Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(_length + bytes)));
    }
}
