using System.Runtime.CompilerServices;
using Observability.Model;
using Observability.Storage.Chunks;

namespace Observability.Storage.Head;

/// <summary>
/// The samples of one partition: columns of times that groups of series share, and each series' values as an open XOR stream and a list
/// of packed chunks from new to old. Guarded by the partition's lock.
/// </summary>
/// <remarks>
/// A series adds to the row that its group has for a time. One that missed a row begins a new chunk at its next; one that goes on
/// missing rows leaves, together with those that leave in the same run, for a group whose rhythm is theirs.
/// </remarks>
internal sealed class HeadSamples(long maxChunkMs, long outOfOrderMs)
{
    private const int MissesToLeave = 2;        // of rows that others had: the series then adds rows that others miss
    private const int LateRowsToLeave = 4;      // of rows before one that others had as well
    private const int RowsToForgive = 16;

    private readonly ChunkSlab _open = new();
    private readonly ByteArena _packed = new();
    private readonly GroupTimes _groups = new(maxChunkMs);
    private readonly List<LateSamples?> _late = [];
    private readonly Stack<int> _unusedLate = [];

    public long AllocatedBytes => _open.AllocatedBytes + _packed.AllocatedBytes;

    /// <summary>Groups that series share, those of one series included.</summary>
    public int Groups => _groups.Count;

    public AppendOutcome Append(ref SeriesState series, long valueBits, ref SampleRun run)
    {
        long timestampMs = run.TimestampMs;
        if (timestampMs <= series.NewestMs)
            return AppendLate(ref series, timestampMs, valueBits);
        SampleGroup group = GroupFor(ref series, ref run);
        int row = group.LastRow;
        if (series.Times != group.Times || series.NextRow != row || series.Count == 0)
            BeginChunk(ref series, group, row, valueBits);
        else
            Add(ref series, valueBits);
        series.LastBits = valueBits;
        series.NewestMs = timestampMs;
        if (series.OldestMs == long.MaxValue)
            series.OldestMs = timestampMs;
        return AppendOutcome.Accepted;
    }

    /// <summary>
    /// Copies what <see cref="ChunkCopy.Decode"/> needs to read a range. When the buffer is too short, nothing is copied.
    /// </summary>
    /// <returns>Bytes needed; 0 when there is nothing.</returns>
    public int Copy(in SeriesState series, TimeRange range, Span<byte> buffer)
    {
        int length = 0;
        bool takesOpen = series.Count > 0 && Overlaps(series.Times, range);
        if (takesOpen)
            length += ChunkCopy.SizeOf(_groups[series.Times], StreamBytes(series));
        for (uint chunk = series.Sealed; chunk != ByteArena.None;)
        {
            PackedChunk header = PackedChunk.Read(_packed.From(chunk));
            if (Overlaps(header.Times, range))
                length += ChunkCopy.SizeOf(_groups[header.Times], header.Length);
            else if (_groups[header.Times].LastMs < range.FromMs)
                break; // all that follow are older
            chunk = header.Older;
        }
        ReadOnlySpan<long> lateMs = [], lateBits = [];
        if (series.Late != SeriesState.None)
        {
            LateSamples late = _late[series.Late]!; // the series holds it
            lateMs = late.TimestampsMs;
            lateBits = late.ValueBits;
            length += ChunkCopy.SizeOf(late);
        }
        if (length == 0)
            return 0;
        length += ChunkCopy.Padding;
        if (length > buffer.Length)
            return length;

        int end = length - ChunkCopy.Padding; // the list goes from new to old, so the copy is filled from its end
        if (!lateMs.IsEmpty)
            end = ChunkCopy.WriteBefore(buffer, end, lateMs, lateBits);
        if (takesOpen)
            end = ChunkCopy.WriteBefore(buffer, end, _groups[series.Times], series.Times, series.FirstRow, series.Count, false, _open[series.Open][..StreamBytes(series)]);
        for (uint chunk = series.Sealed; end > 0;)
        {
            Span<byte> bytes = _packed.From(chunk);
            PackedChunk header = PackedChunk.Read(bytes);
            if (Overlaps(header.Times, range))
                end = ChunkCopy.WriteBefore(buffer, end, _groups[header.Times], header.Times, header.FirstRow, header.Count, true, bytes.Slice(PackedChunk.Bytes, header.Length));
            chunk = header.Older;
        }
        return length;
    }

    /// <summary>Drops the chunks whose newest time is older than a time, and late samples before it.</summary>
    public void DropBefore(ref SeriesState series, long timestampMs)
    {
        if (series.OldestMs >= timestampMs)
            return;
        if (series.NewestMs < timestampMs)
        {
            Clear(ref series);
            return;
        }
        uint newer = ByteArena.None;
        for (uint chunk = series.Sealed; chunk != ByteArena.None;)
        {
            PackedChunk header = PackedChunk.Read(_packed.From(chunk));
            if (_groups[header.Times].LastMs < timestampMs)
            {
                if (newer == ByteArena.None)
                    series.Sealed = ByteArena.None;
                else
                    (PackedChunk.Read(_packed.From(newer)) with { Older = ByteArena.None }).Write(_packed.From(newer));
                FreeFrom(chunk);
                break;
            }
            newer = chunk;
            chunk = header.Older;
        }
        if (series.Late != SeriesState.None)
        {
            LateSamples late = _late[series.Late]!;
            late.DropBefore(timestampMs);
            if (late.Count == 0)
                FreeLate(ref series);
        }
        series.OldestMs = OldestOf(series);
    }

    /// <summary>Drops everything.</summary>
    public void Clear(ref SeriesState series)
    {
        if (series.Count > 0)
        {
            _open.Return(series.Open);
            _groups.Release(series.Times);
            series.Count = 0;
        }
        FreeFrom(series.Sealed);
        series.Sealed = ByteArena.None;
        if (series.Late != SeriesState.None)
            FreeLate(ref series);
        if (series.Group != SeriesState.None)
            _groups.Leave(series.Group);
        series.Group = SeriesState.None;
        series.Times = SeriesState.None;
        series.Misses = 0;
        series.OldestMs = long.MaxValue;
        series.NewestMs = long.MinValue;
    }

    /// <summary>Counts chunks, samples and the bytes of their values.</summary>
    public (int Chunks, int Samples, int Bytes) Count(in SeriesState series)
    {
        (int chunks, int samples, int bytes) = series.Count > 0 ? (1, series.Count, StreamBytes(series)) : (0, 0, 0);
        for (uint chunk = series.Sealed; chunk != ByteArena.None;)
        {
            PackedChunk header = PackedChunk.Read(_packed.From(chunk));
            chunks++;
            samples += header.Count;
            bytes += PackedChunk.Bytes + header.Length;
            chunk = header.Older;
        }
        if (series.Late != SeriesState.None)
        {
            int late = _late[series.Late]!.Count;
            samples += late;
            bytes += late * 16;
        }
        return (chunks, samples, bytes);
    }

    private static int StreamBytes(in SeriesState series) => (series.BitLength + 7) >> 3;

    /// <summary>The series' group, whose newest row has the run's time afterwards.</summary>
    private SampleGroup GroupFor(ref SeriesState series, ref SampleRun run)
    {
        long timestampMs = run.TimestampMs;
        if (series.Group == SeriesState.None)
            return Join(ref series, run.Current ?? _groups.Create(timestampMs), ref run);
        SampleGroup group = _groups.Group(series.Group);
        long groupMs = group.Current.LastMs;
        if (groupMs < timestampMs)
        {
            if (!HasNewestRow(series, group) && ++series.Misses >= MissesToLeave && group.Members > 1)
                return Move(ref series, ref run);
            if (group.Members == 1 && run.Current is { Members: > 1 } host && group.LastRow + 1 >= group.TargetRows)
                return Join(ref series, host, ref run); // it needs a new chunk in any case: perhaps its rhythm is that of others now
            _groups.AddRow(group, timestampMs);
        }
        else if (groupMs > timestampMs || (IsLate(series, group) && ++series.Misses >= LateRowsToLeave))
            return Move(ref series, ref run);
        run.Current = group;
        return group;
    }

    /// <summary>True when the series has a value in its group's newest row, or has none to miss yet.</summary>
    private static bool HasNewestRow(in SeriesState series, SampleGroup group) =>
        series.Count == 0 || series.NewestMs == group.Current.LastMs;

    /// <summary>True when the series missed the row before the newest one.</summary>
    private bool IsLate(in SeriesState series, SampleGroup group)
    {
        if (series.Count == 0)
            return false;
        return series.Times == group.Times
            ? series.NextRow != group.LastRow
            : group.LastRow > 0 || _groups[series.Times].Count != series.NextRow;
    }

    private SampleGroup Move(ref SeriesState series, ref SampleRun run) =>
        Join(ref series, run.Split ??= _groups.Create(run.TimestampMs), ref run);

    private SampleGroup Join(ref SeriesState series, SampleGroup group, ref SampleRun run)
    {
        group.Members++; // before the other group is left: the one may be the other
        if (series.Group != SeriesState.None)
            _groups.Leave(series.Group);
        series.Group = group.Id;
        series.Misses = 0;
        run.Current = group;
        return group;
    }

    private void BeginChunk(ref SeriesState series, SampleGroup group, int row, long valueBits)
    {
        if (series.Count > 0)
            Pack(ref series);
        series.Times = group.Times;
        _groups.Hold(group.Times);
        series.FirstRow = (byte)row;
        series.Count = 1;
        series.WindowBits = 0;
        series.Open = _open.Rent(ChunkSlab.SmallestSize);
        Span<byte> buffer = _open[series.Open];
        buffer.Clear();
        series.BitLength = XorValues.Begin(buffer, valueBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ref SeriesState series, long valueBits)
    {
        ulong xor = (ulong)(valueBits ^ series.LastBits);
        if (xor == 0 && (series.BitLength & 7) != 0)
            series.BitLength++; // a zero bit, which is there already
        else
            AddBits(ref series, xor);
        if (++series.Count == RowsToForgive)
            series.Misses = 0;
    }

    private void AddBits(ref SeriesState series, ulong xor)
    {
        int capacity = _open.Capacity(series.Open), needed = StreamBytes(series) + (xor == 0 ? 1 : XorValues.Headroom);
        if (needed > capacity)
        {
            uint larger = _open.Rent(needed);
            Span<byte> buffer = _open[larger];
            _open[series.Open].CopyTo(buffer);
            buffer[capacity..].Clear();
            _open.Return(series.Open);
            series.Open = larger;
        }
        if (xor == 0)
            series.BitLength++;
        else
            XorValues.AppendChange(_open[series.Open], ref series.BitLength, ref series.LeadingZeros, ref series.WindowBits, xor);
    }

    /// <summary>Makes the open chunk a packed one.</summary>
    private void Pack(ref SeriesState series)
    {
        Span<byte> packed = stackalloc byte[PackedValues.MaxBytes];
        int length;
        if (XorValues.IsConstant(series.BitLength, series.Count))
            length = PackedValues.EncodeConstant(series.LastBits, packed);
        else
        {
            Span<long> values = stackalloc long[PackedValues.MaxCount];
            values = values[..series.Count];
            XorValues.Decode(_open.WithPadding(series.Open), values);
            length = PackedValues.Encode(values, _open[series.Open][..StreamBytes(series)], packed);
        }
        uint chunk = _packed.Allocate(PackedChunk.Bytes + length);
        Span<byte> bytes = _packed.From(chunk);
        new PackedChunk(series.Sealed, series.Times, (ushort)length, series.FirstRow, series.Count).Write(bytes);
        packed[..length].CopyTo(bytes[PackedChunk.Bytes..]);
        series.Sealed = chunk; // which holds the times from here on
        _open.Return(series.Open);
        series.Count = 0;
    }

    private AppendOutcome AppendLate(ref SeriesState series, long timestampMs, long valueBits)
    {
        if (timestampMs == series.NewestMs)
            return valueBits == series.LastBits ? AppendOutcome.Duplicate : AppendOutcome.OutOfOrder;
        if (TryGet(series, timestampMs, out long storedBits))
            return valueBits == storedBits ? AppendOutcome.Duplicate : AppendOutcome.OutOfOrder;
        if (series.NewestMs - timestampMs > outOfOrderMs)
            return AppendOutcome.OutOfOrder;
        if (series.Late == SeriesState.None)
        {
            if (!_unusedLate.TryPop(out series.Late))
            {
                series.Late = _late.Count;
                _late.Add(null);
            }
            _late[series.Late] = new LateSamples();
        }
        if (!_late[series.Late]!.TryAdd(timestampMs, valueBits))
            return AppendOutcome.OutOfOrder;
        series.OldestMs = Math.Min(series.OldestMs, timestampMs);
        return AppendOutcome.Accepted;
    }

    private bool TryGet(in SeriesState series, long timestampMs, out long valueBits)
    {
        valueBits = 0;
        if (series.Late != SeriesState.None && _late[series.Late]!.TryGet(timestampMs, out valueBits))
            return true;
        if (timestampMs < series.OldestMs)
            return false;
        Span<long> rows = stackalloc long[PackedValues.MaxCount];
        Span<byte> padded = stackalloc byte[PackedValues.MaxBytes + PackedValues.Padding];
        if (series.Count > 0 && Contains(series.Times, timestampMs))
        {
            int at = RowOf(series.Times, series.FirstRow, series.Count, timestampMs, rows);
            if (at >= 0)
            {
                XorValues.Decode(_open.WithPadding(series.Open), rows[..series.Count]);
                valueBits = rows[at];
                return true;
            }
        }
        for (uint chunk = series.Sealed; chunk != ByteArena.None;)
        {
            Span<byte> bytes = _packed.From(chunk);
            PackedChunk header = PackedChunk.Read(bytes);
            if (Contains(header.Times, timestampMs))
            {
                int at = RowOf(header.Times, header.FirstRow, header.Count, timestampMs, rows);
                if (at >= 0)
                {
                    bytes.Slice(PackedChunk.Bytes, header.Length).CopyTo(padded);
                    PackedValues.Decode(padded, rows[..header.Count]);
                    valueBits = rows[at];
                    return true;
                }
            }
            chunk = header.Older;
        }
        return false;
    }

    private bool Contains(int times, long timestampMs) => _groups[times].FirstMs <= timestampMs && timestampMs <= _groups[times].LastMs;

    private bool Overlaps(int times, TimeRange range) => _groups[times].FirstMs <= range.ToMs && _groups[times].LastMs >= range.FromMs;

    private int RowOf(int times, int firstRow, int count, long timestampMs, Span<long> scratch)
    {
        TimesChunk chunk = _groups[times];
        Span<byte> padded = stackalloc byte[chunk.Bytes.Length + TimesChunk.Padding];
        chunk.Bytes.CopyTo(padded);
        TimesChunk.Decode(padded, chunk.FirstMs, firstRow, scratch[..count]);
        return scratch[..count].BinarySearch(timestampMs);
    }

    private long OldestOf(in SeriesState series)
    {
        long oldestMs = series.Count > 0 ? _groups[series.Times].TimeOf(series.FirstRow) : long.MaxValue;
        for (uint chunk = series.Sealed; chunk != ByteArena.None;)
        {
            PackedChunk header = PackedChunk.Read(_packed.From(chunk));
            if (header.Older == ByteArena.None)
                oldestMs = _groups[header.Times].TimeOf(header.FirstRow);
            chunk = header.Older;
        }
        return series.Late == SeriesState.None ? oldestMs : Math.Min(oldestMs, _late[series.Late]!.TimestampsMs[0]);
    }

    private void FreeFrom(uint chunk)
    {
        while (chunk != ByteArena.None)
        {
            PackedChunk header = PackedChunk.Read(_packed.From(chunk));
            _packed.Free(chunk, PackedChunk.Bytes + header.Length);
            _groups.Release(header.Times);
            chunk = header.Older;
        }
    }

    private void FreeLate(ref SeriesState series)
    {
        _late[series.Late] = null;
        _unusedLate.Push(series.Late);
        series.Late = SeriesState.None;
    }
}
