using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using Observability.Protocol.V1;

namespace Observability.Protocol.Ingest;

/// <summary>
/// Samples to and from the columns of a <see cref="ScrapeBatch"/>. Any samples in any order round-trip to the bit; they are shortest
/// sorted by time, then by ref, since rows that were sampled together share a run of times and neighbours share small differences.
/// </summary>
/// <remarks>
/// Columns: refs are zigzag varints of the difference to the one before (first: to 0). Times are runs: varint count, zigzag varint
/// difference in ms to the run before (first: to the scrape time). A value that is an integer of at most 2^53 either way, and not -0,
/// is the varint of its zigzag shifted left by one; any other is the varint 1 and its 8 bytes, little-endian. Differences wrap, so that
/// any time has one.
/// </remarks>
public static class BatchCodec
{
    /// <summary>2^53: every integer up to here is a double of its own.</summary>
    internal const long LargestInteger = 1L << 53;

    /// <summary>Fills <c>refs</c>, <c>times</c>, <c>values</c> and <c>count</c>; the batch's <c>scrape_time_ms</c> must be set before.</summary>
    /// <exception cref="ArgumentException">A ref is 0.</exception>
    public static void Encode(ReadOnlySpan<BatchSample> samples, ScrapeBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        byte[] refs = ArrayPool<byte>.Shared.Rent(Math.Max(1, samples.Length * Varint.MaxBytes / 2));
        byte[] times = ArrayPool<byte>.Shared.Rent(256);
        byte[] values = ArrayPool<byte>.Shared.Rent(Math.Max(1, samples.Length * (1 + sizeof(double))));
        try
        {
            batch.Refs = ByteString.CopyFrom(refs, 0, WriteRefs(samples, refs));
            int timesLength = WriteTimes(samples, batch.ScrapeTimeMs, ref times);
            batch.Times = ByteString.CopyFrom(times, 0, timesLength);
            batch.Values = ByteString.CopyFrom(values, 0, WriteValues(samples, values));
            batch.Count = (uint)samples.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(refs);
            ArrayPool<byte>.Shared.Return(times);
            ArrayPool<byte>.Shared.Return(values);
        }
    }

    /// <summary>Reads the whole batch or nothing of it.</summary>
    /// <param name="batch">Not kept.</param>
    /// <param name="maxSamples">Most samples taken.</param>
    /// <param name="samples">Cleared, then filled in the batch's order; empty after an exception.</param>
    /// <exception cref="BatchFormatException">The batch cannot be read or is too large.</exception>
    public static void Decode(ScrapeBatch batch, int maxSamples, List<BatchSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        samples.Clear();
        var reader = new BatchReader(batch, maxSamples);
        try
        {
            samples.EnsureCapacity(reader.Count);
            while (reader.TryRead(out BatchSample sample))
                samples.Add(sample);
        }
        catch (BatchFormatException)
        {
            samples.Clear();
            throw;
        }
    }

    private static int WriteRefs(ReadOnlySpan<BatchSample> samples, Span<byte> destination)
    {
        int length = 0;
        long before = 0;
        foreach (ref readonly BatchSample sample in samples)
        {
            if (sample.Ref == 0)
                throw new ArgumentException("Refs count from 1.", nameof(samples));
            // 33 bits with the sign: at most 5 bytes.
            length += Varint.Write(destination[length..], Varint.ZigZag(sample.Ref - before));
            before = sample.Ref;
        }
        return length;
    }

    private static int WriteTimes(ReadOnlySpan<BatchSample> samples, long scrapeTimeMs, ref byte[] destination)
    {
        int length = 0;
        long before = scrapeTimeMs;
        for (int start = 0; start < samples.Length;)
        {
            long time = samples[start].TimestampMs;
            int end = start + 1;
            while (end < samples.Length && samples[end].TimestampMs == time)
                end++;
            if (destination.Length - length < 2 * Varint.MaxBytes)
                destination = Grow(destination, length);
            length += Varint.Write(destination.AsSpan(length), (ulong)(end - start));
            length += Varint.Write(destination.AsSpan(length), Varint.ZigZag(unchecked(time - before)));
            before = time;
            start = end;
        }
        return length;
    }

    private static int WriteValues(ReadOnlySpan<BatchSample> samples, Span<byte> destination)
    {
        int length = 0;
        foreach (ref readonly BatchSample sample in samples)
        {
            double value = sample.Value;
            // The bits are compared, since -0 equals 0.
            long integer = Math.Abs(value) <= LargestInteger ? (long)value : 0;
            if (BitConverter.DoubleToInt64Bits(integer) == BitConverter.DoubleToInt64Bits(value))
            {
                length += Varint.Write(destination[length..], Varint.ZigZag(integer) << 1);
            }
            else
            {
                destination[length++] = 1;
                BinaryPrimitives.WriteDoubleLittleEndian(destination[length..], value);
                length += sizeof(double);
            }
        }
        return length;
    }

    private static byte[] Grow(byte[] buffer, int used)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
