using System.Runtime.InteropServices;
using Observability.Model;
using Observability.Storage.Blocks;
using Observability.Storage.Chunks;

namespace Observability.Storage.Head;

/// <summary>
/// Chunks of one series copied out of the head, oldest first, so that they are decoded without its lock; late samples are last. Each has a
/// header, then the times, then the values.
/// </summary>
internal static class ChunkCopy
{
    /// <summary>Bytes behind all chunks; their content does not matter.</summary>
    public const int Padding = PackedValues.Padding;

    private const int HeaderBytes = 24;

    private enum Kind : byte
    {
        Open,
        Packed,
        Late,
    }

    public static int SizeOf(TimesChunk times, int valueBytes) => HeaderBytes + times.Bytes.Length + valueBytes;

    public static int SizeOf(LateSamples late) => HeaderBytes + (late.Count * 16);

    /// <summary>Writes a chunk so that it ends at a place.</summary>
    /// <returns>Where it begins.</returns>
    public static int WriteBefore(Span<byte> buffer, int end, TimesChunk times, int timesNumber, byte firstRow, byte count, bool isPacked, ReadOnlySpan<byte> values)
    {
        int start = end - SizeOf(times, values.Length);
        var header = new Header(times.FirstMs, (ushort)times.Bytes.Length, (ushort)values.Length, firstRow, count, isPacked ? Kind.Packed : Kind.Open, (ushort)times.Count, timesNumber);
        MemoryMarshal.Write(buffer[start..], header);
        times.Bytes.CopyTo(buffer[(start + HeaderBytes)..]);
        values.CopyTo(buffer[(start + HeaderBytes + header.TimesBytes)..]);
        return start;
    }

    public static int WriteBefore(Span<byte> buffer, int end, ReadOnlySpan<long> lateMs, ReadOnlySpan<long> lateBits)
    {
        int start = end - HeaderBytes - (lateMs.Length * 16);
        MemoryMarshal.Write(buffer[start..], new Header(lateMs.Length, 0, 0, 0, 0, Kind.Late, 0, 0));
        Span<byte> rest = buffer[(start + HeaderBytes)..];
        MemoryMarshal.AsBytes(lateMs).CopyTo(rest);
        MemoryMarshal.AsBytes(lateBits).CopyTo(rest[(lateMs.Length * sizeof(long))..]);
        return start;
    }

    /// <summary>Adds the samples in a range.</summary>
    /// <param name="chunks">All chunks and the <see cref="Padding"/>.</param>
    /// <param name="range">Both ends inclusive.</param>
    /// <param name="into">Where they go.</param>
    public static void Decode(ReadOnlySpan<byte> chunks, TimeRange range, SampleColumns into)
    {
        int end = chunks.Length - Padding, first = into.Count;
        for (int position = 0; position < end;)
        {
            Header header = MemoryMarshal.Read<Header>(chunks[position..]);
            ReadOnlySpan<byte> times = chunks[(position + HeaderBytes)..];
            if (header.Kind == Kind.Late)
            {
                int count = (int)header.FirstMs; // late samples have their count there
                Merge(MemoryMarshal.Cast<byte, long>(times[..(count * 8)]), MemoryMarshal.Cast<byte, long>(times.Slice(count * 8, count * 8)), range, first, into);
                return; // the last
            }
            ReadOnlySpan<byte> values = times[header.TimesBytes..];
            into.Extend(header.Count, out Span<long> timestampsMs, out Span<double> doubles);
            Span<long> bits = MemoryMarshal.Cast<double, long>(doubles);
            TimesChunk.Decode(times, header.FirstMs, header.FirstRow, timestampsMs);
            if (header.Kind == Kind.Packed)
                PackedValues.Decode(values, bits);
            else
                XorValues.Decode(values, bits);
            Cut(timestampsMs, doubles, range, into);
            position += HeaderBytes + header.TimesBytes + header.ValueBytes;
        }
    }

    /// <summary>Writes the samples in a range to a block, whose current series they are of.</summary>
    /// <param name="chunks">All chunks and the <see cref="Padding"/>.</param>
    /// <param name="range">One that no chunk reaches over.</param>
    /// <param name="block">Where they go.</param>
    /// <param name="columns">The block's ids of the times that it has, by the head's number.</param>
    /// <param name="scratch">Used for what shares its times with nobody.</param>
    public static void Seal(ReadOnlySpan<byte> chunks, TimeRange range, BlockWriter block, Dictionary<int, int> columns, SampleColumns scratch)
    {
        int end = chunks.Length - Padding;
        if (HasLate(chunks[..end], range))
        {
            scratch.Clear();
            Decode(chunks, range, scratch);
            if (scratch.Count > 0)
                block.AddRun(block.AddTimes(scratch.TimestampsMs), 0, MemoryMarshal.Cast<double, long>(scratch.Values));
            return;
        }
        Span<long> rows = stackalloc long[PackedValues.MaxCount];
        for (int position = 0; position < end;)
        {
            Header header = MemoryMarshal.Read<Header>(chunks[position..]);
            if (header.Kind == Kind.Late)
                return; // the last, and none in the range
            ReadOnlySpan<byte> times = chunks[(position + HeaderBytes)..], values = times[header.TimesBytes..];
            position += HeaderBytes + header.TimesBytes + header.ValueBytes;
            if (!range.Contains(header.FirstMs))
                continue;
            if (!columns.TryGetValue(header.TimesNumber, out int column))
            {
                TimesChunk.Decode(times, header.FirstMs, 0, rows[..header.TimesCount]);
                columns.Add(header.TimesNumber, column = block.AddTimes(rows[..header.TimesCount]));
            }
            Span<long> bits = rows[..header.Count];
            if (header.Kind == Kind.Packed)
                PackedValues.Decode(values, bits);
            else
                XorValues.Decode(values, bits);
            block.AddRun(column, header.FirstRow, bits);
        }
    }

    private static bool HasLate(ReadOnlySpan<byte> chunks, TimeRange range)
    {
        for (int position = 0; position < chunks.Length;)
        {
            Header header = MemoryMarshal.Read<Header>(chunks[position..]);
            position += HeaderBytes;
            if (header.Kind == Kind.Late)
            {
                foreach (long timestampMs in MemoryMarshal.Cast<byte, long>(chunks.Slice(position, (int)header.FirstMs * sizeof(long))))
                {
                    if (range.Contains(timestampMs))
                        return true;
                }
                return false;
            }
            position += header.TimesBytes + header.ValueBytes;
        }
        return false;
    }

    private static void Cut(Span<long> timestampsMs, Span<double> values, TimeRange range, SampleColumns into)
    {
        int count = timestampsMs.Length, last = count, start = 0;
        while (last > 0 && timestampsMs[last - 1] > range.ToMs)
            last--;
        while (start < last && timestampsMs[start] < range.FromMs)
            start++;
        if (start > 0)
        {
            timestampsMs[start..last].CopyTo(timestampsMs);
            values[start..last].CopyTo(values);
        }
        into.RemoveLast(count - (last - start));
    }

    private static void Merge(ReadOnlySpan<long> lateMs, ReadOnlySpan<long> lateBits, TimeRange range, int first, SampleColumns into)
    {
        long[] timesMs = into.TimestampsMs[first..].ToArray();
        double[] values = into.Values[first..].ToArray();
        into.RemoveLast(timesMs.Length);
        int at = 0;
        for (int late = 0; late < lateMs.Length; late++)
        {
            if (lateMs[late] < range.FromMs || lateMs[late] > range.ToMs)
                continue;
            for (; at < timesMs.Length && timesMs[at] < lateMs[late]; at++)
                into.Add(timesMs[at], values[at]);
            into.Add(lateMs[late], BitConverter.Int64BitsToDouble(lateBits[late]));
        }
        for (; at < timesMs.Length; at++)
            into.Add(timesMs[at], values[at]);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1, Size = HeaderBytes)]
    private readonly record struct Header(
        long FirstMs, ushort TimesBytes, ushort ValueBytes, byte FirstRow, byte Count, Kind Kind, ushort TimesCount, int TimesNumber);
}
