using System.Buffers.Binary;
using Observability.Protocol.V1;

namespace Observability.Protocol.Ingest;

/// <summary>
/// Reads the samples of a batch one by one, in the order they were written, and allocates nothing. Every number is checked before it
/// is used; that the columns end together is known only when <see cref="TryRead"/> has returned false, so whoever must take a batch
/// whole or not at all reads it through once before acting (<see cref="BatchCodec.Decode"/> does).
/// </summary>
public ref struct BatchReader
{
    private readonly ReadOnlySpan<byte> _refs;
    private readonly ReadOnlySpan<byte> _times;
    private readonly ReadOnlySpan<byte> _values;
    private readonly int _count;
    private int _refAt;
    private int _timeAt;
    private int _valueAt;
    private int _read;
    private ulong _runLeft;
    private long _ref;
    private long _time;

    /// <param name="batch">Not kept longer than the reader.</param>
    /// <param name="maxSamples">Most samples taken.</param>
    /// <exception cref="BatchFormatException">It claims more samples than the limit, or than its bytes can hold.</exception>
    public BatchReader(ScrapeBatch batch, int maxSamples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfNegative(maxSamples);
        if (batch.Count > (uint)maxSamples)
            throw new BatchFormatException($"The batch claims {batch.Count} samples; at most {maxSamples} are taken.");
        _refs = batch.Refs.Span;
        _times = batch.Times.Span;
        _values = batch.Values.Span;
        // A sample has at least a byte in two of the columns, so a claim beyond the bytes is refused before anything is sized by it.
        if (batch.Count > (uint)_refs.Length || batch.Count > (uint)_values.Length)
            throw new BatchFormatException("The batch claims more samples than its columns can hold.");
        _count = (int)batch.Count;
        _time = batch.ScrapeTimeMs;
    }

    /// <summary>Samples that the batch holds.</summary>
    public readonly int Count => _count;

    /// <returns>False behind the last sample, once every column was seen to end there.</returns>
    /// <exception cref="BatchFormatException">A column is truncated, too long, or holds what no writer writes.</exception>
    public bool TryRead(out BatchSample sample)
    {
        if (_read == _count)
        {
            if (_runLeft != 0 || _refAt != _refs.Length || _timeAt != _times.Length || _valueAt != _values.Length)
                throw new BatchFormatException("The columns of the batch do not end together.");
            sample = default;
            return false;
        }
        long reference = unchecked(_ref + Varint.UnZigZag(Varint.Read(_refs, ref _refAt)));
        if (reference is < 1 or > uint.MaxValue)
            throw new BatchFormatException("A series number is out of range.");
        _ref = reference;
        if (_runLeft == 0)
        {
            _runLeft = Varint.Read(_times, ref _timeAt);
            if (_runLeft == 0)
                throw new BatchFormatException("A run of times is empty.");
            _time = unchecked(_time + Varint.UnZigZag(Varint.Read(_times, ref _timeAt)));
        }
        _runLeft--;
        sample = new BatchSample((uint)reference, _time, ReadValue());
        _read++;
        return true;
    }

    private double ReadValue()
    {
        ulong tag = Varint.Read(_values, ref _valueAt);
        if ((tag & 1) == 0)
        {
            long integer = Varint.UnZigZag(tag >> 1);
            return integer is >= -BatchCodec.LargestInteger and <= BatchCodec.LargestInteger
                ? integer
                : throw new BatchFormatException("An integer is beyond what a double holds exactly.");
        }
        if (tag != 1)
            throw new BatchFormatException("A value has an unknown form.");
        if (_values.Length - _valueAt < sizeof(double))
            throw new BatchFormatException("A column ends inside a value.");
        double value = BinaryPrimitives.ReadDoubleLittleEndian(_values[_valueAt..]);
        _valueAt += sizeof(double);
        return value;
    }
}
