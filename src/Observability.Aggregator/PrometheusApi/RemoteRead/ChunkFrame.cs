using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Observability.Aggregator.PrometheusApi.Json;
using Observability.Protocol.Prometheus;

namespace Observability.Aggregator.PrometheusApi.RemoteRead;

/// <summary>One frame of a streamed remote read: length as a varint, CRC-32C big-endian, message.</summary>
internal static class ChunkFrame
{
    private const int LongestHead = 5 + sizeof(uint);

    public static void Write(TextBuffer output, ChunkedReadResponse message)
    {
        int size = message.CalculateSize();
        Span<byte> span = output.GetSpan(LongestHead + size);
        int at = 0;
        for (uint rest = (uint)size; ; rest >>= 7)
        {
            span[at++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80)
                break;
        }
        Span<byte> data = span.Slice(at + sizeof(uint), size);
        message.WriteTo(data);
        BinaryPrimitives.WriteUInt32BigEndian(span[at..], Crc32C(data));
        output.Advance(at + sizeof(uint) + size);
    }

    internal static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (byte one in data)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
