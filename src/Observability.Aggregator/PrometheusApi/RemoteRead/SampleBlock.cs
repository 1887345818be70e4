using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Observability.Model;

namespace Observability.Aggregator.PrometheusApi.RemoteRead;

/// <summary>
/// A <c>prometheus.ReadResponse</c> under construction, written as bytes at once: an object for each sample would take several times what
/// the answer does. It refuses to grow beyond its limit.
/// </summary>
internal sealed class SampleBlock(int maxBytes)
{
    // Tags: field number · 8 + wire type.
    private const byte First = (1 << 3) | 2;    // results, timeseries, labels, name
    private const byte Second = (2 << 3) | 2;   // samples, value of a label
    private const byte Value = (1 << 3) | 1;
    private const byte Timestamp = (2 << 3) | 0;

    private readonly ArrayBufferWriter<byte> _response = new();
    private readonly ArrayBufferWriter<byte> _result = new();
    private readonly ArrayBufferWriter<byte> _series = new();

    public ReadOnlySpan<byte> Bytes => _response.WrittenSpan;

    /// <exception cref="ApiException">The answer becomes too long.</exception>
    public void AddSeries(LabelSet labels, SampleColumns samples)
    {
        _series.ResetWrittenCount();
        foreach (Label label in labels.AsSpan())
        {
            int name = Encoding.UTF8.GetByteCount(label.Name), value = Encoding.UTF8.GetByteCount(label.Value);
            WriteHead(_series, First, 2 + VarintSize(name) + name + VarintSize(value) + value);
            WriteText(_series, First, label.Name, name);
            WriteText(_series, Second, label.Value, value);
        }
        for (int i = 0; i < samples.Count; i++)
        {
            ulong time = (ulong)samples.TimestampsMs[i];
            int size = 1 + sizeof(double) + 1 + CodedOutputStream.ComputeUInt64Size(time);
            Span<byte> span = _series.GetSpan(2 + size);
            span[0] = Second;
            span[1] = (byte)size; // at most 20
            span[2] = Value;
            BinaryPrimitives.WriteInt64LittleEndian(span[3..], BitConverter.DoubleToInt64Bits(samples.Values[i]));
            span[11] = Timestamp;
            int at = 12;
            for (; time >= 0x80; time >>= 7)
                span[at++] = (byte)(time | 0x80);
            span[at++] = (byte)time;
            _series.Advance(at);
        }
        if (_response.WrittenCount + _result.WrittenCount + (long)_series.WrittenCount > maxBytes)
            throw new ApiException(ApiError.BadData, $"the samples take more than {maxBytes} bytes; ask for less, or for streamed chunks");
        WriteHead(_result, First, _series.WrittenCount);
        _result.Write(_series.WrittenSpan);
    }

    /// <summary>What was added since the last end is one query's result.</summary>
    public void EndQuery()
    {
        WriteHead(_response, First, _result.WrittenCount);
        _response.Write(_result.WrittenSpan);
        _result.ResetWrittenCount();
    }

    private static int VarintSize(int value) => CodedOutputStream.ComputeUInt32Size((uint)value);

    private static void WriteText(ArrayBufferWriter<byte> output, byte tag, string text, int bytes)
    {
        WriteHead(output, tag, bytes);
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(bytes)));
    }

    private static void WriteHead(ArrayBufferWriter<byte> output, byte tag, int length)
    {
        Span<byte> span = output.GetSpan(6);
        span[0] = tag;
        int at = 1;
        uint rest = (uint)length;
        for (; rest >= 0x80; rest >>= 7)
            span[at++] = (byte)(rest | 0x80);
        span[at++] = (byte)rest;
        output.Advance(at);
    }
}
