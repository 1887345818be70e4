using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Observability.Model;
using Observability.Storage.Chunks;
using Observability.Storage.Index;

namespace Observability.Storage.Head;

/// <summary>
/// One series in memory: a chunk being written and, in a list from new to old, the full ones. Each full chunk carries its own header
/// in the slab (<see cref="SealedHeaderBytes"/>), so that a series is one object and one array however long it lives.
/// All but the members that say otherwise need the partition's lock.
/// </summary>
internal sealed class HeadSeries(Partition owner, long id, LabelPair[] pairs) : SeriesHandle
{
    public const int NotIndexed = -1;

    /// <summary>A full chunk's header: the next older chunk (4 bytes), its length (4), its first and last time (8 each).</summary>
    private const int SealedHeaderBytes = 24;

    private XorState _head = new() { LastMs = long.MinValue };
    private long _oldestMs = long.MaxValue;
    private long _headOldestMs;
    private uint _headBuffer;
    private uint _newestSealed;

    public Partition Owner { get; } = owner;

    /// <summary>Unique in the partition, never used again.</summary>
    public long Id { get; } = id;

    public override TenantUid Partition => Owner.Tenant;

    public override bool IsDeleted => Owner.IsRemoved;

    /// <summary>Sorted by name. Replaced as a whole; may be read on any thread.</summary>
    public LabelPair[] Pairs { get; set; } = pairs;

    /// <summary>Place in the partition's table of series, or <see cref="NotIndexed"/>.</summary>
    public int Reference { get; set; } = NotIndexed;

    /// <summary>True when the last truncation already found no sample here.</summary>
    public bool WasFoundEmpty { get; set; }

    /// <summary>Time of the oldest sample; later than <see cref="NewestMs"/> where there is none. May be read on any thread.</summary>
    public long OldestMs => Volatile.Read(ref _oldestMs);

    /// <summary>Time of the newest sample. May be read on any thread.</summary>
    public long NewestMs => Volatile.Read(ref _head.LastMs);

    public bool IsEmpty => OldestMs > NewestMs;

    /// <summary>True when the newest sample is the stale marker.</summary>
    public bool HasEnded => !IsEmpty && _head.LastBits == StaleMarker.Bits;

    /// <summary>The label's value, or empty. May be called on any thread.</summary>
    public string ValueOf(string label)
    {
        foreach (LabelPair pair in Pairs)
        {
            if (string.Equals(pair.Label.Name, label, StringComparison.Ordinal))
                return pair.Value;
        }
        return "";
    }

    /// <summary>May be called on any thread.</summary>
    public LabelSet BuildLabels()
    {
        LabelPair[] pairs = Pairs;
        var labels = new Label[pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
            labels[i] = new Label(pairs[i].Label.Name, pairs[i].Value);
        return LabelSet.FromSorted(ImmutableCollectionsMarshal.AsImmutableArray(labels));
    }

    /// <summary>Adds a sample. No chunk spans more than <paramref name="maxChunkMs"/>, so that old samples can go in time.</summary>
    public AppendOutcome Append(ChunkSlab slab, long timestampMs, long valueBits, long maxChunkMs)
    {
        if (timestampMs <= _head.LastMs && !IsEmpty)
        {
            bool stored = timestampMs == _head.LastMs ? valueBits == _head.LastBits : Contains(slab, timestampMs, valueBits);
            return stored ? AppendOutcome.Duplicate : AppendOutcome.OutOfOrder;
        }
        if (_head.Count >= XorChunk.TargetSamples || (_head.Count > 0 && timestampMs - _headOldestMs > maxChunkMs))
            Seal(slab);
        if (_head.Count == 0)
        {
            _headBuffer = slab.Rent(ChunkSlab.SmallestSize);
            _headOldestMs = timestampMs;
        }
        else if (!XorChunk.HasRoom(_head, slab.Capacity(_headBuffer)))
            Grow(slab);
        XorChunk.Append(ref _head, slab[_headBuffer], timestampMs, valueBits);
        if (_oldestMs == long.MaxValue)
            Volatile.Write(ref _oldestMs, timestampMs);
        return AppendOutcome.Accepted;
    }

    /// <summary>
    /// Copies the chunks that overlap a time range, oldest first, each behind its length (4 bytes), and <see cref="XorChunk.Padding"/>.
    /// When the buffer is too short, nothing is copied.
    /// </summary>
    /// <returns>Bytes needed, padding included; 0 when there is no such chunk.</returns>
    public int CopyChunks(ChunkSlab slab, TimeRange range, Span<byte> buffer)
    {
        int length = 0;
        bool takesHead = _head.Count > 0 && _headOldestMs <= range.ToMs && _head.LastMs >= range.FromMs;
        if (takesHead)
            length += sizeof(int) + _head.ByteLength;
        for (uint chunk = _newestSealed; chunk != ChunkSlab.None;)
        {
            SealedChunk header = SealedChunk.Read(slab[chunk]);
            if (header.NewestMs < range.FromMs)
                break; // all that follow are older
            if (header.OldestMs <= range.ToMs)
                length += sizeof(int) + header.Length;
            chunk = header.Older;
        }
        if (length == 0)
            return 0;
        if (length + XorChunk.Padding > buffer.Length)
            return length + XorChunk.Padding;

        int end = length; // the list goes from new to old, so the copy is filled from its end
        if (takesHead)
            end = CopyBefore(buffer, end, slab[_headBuffer][.._head.ByteLength]);
        for (uint chunk = _newestSealed; end > 0;)
        {
            Span<byte> bytes = slab[chunk];
            SealedChunk header = SealedChunk.Read(bytes);
            if (header.OldestMs <= range.ToMs)
                end = CopyBefore(buffer, end, bytes.Slice(SealedHeaderBytes, header.Length));
            chunk = header.Older;
        }
        return length + XorChunk.Padding;
    }

    /// <summary>Drops the chunks whose newest sample is older than a time.</summary>
    public void DropBefore(ChunkSlab slab, long timestampMs)
    {
        if (OldestMs >= timestampMs)
            return;
        long oldestMs = _headOldestMs;
        uint newer = ChunkSlab.None, chunk = _newestSealed;
        while (chunk != ChunkSlab.None)
        {
            SealedChunk header = SealedChunk.Read(slab[chunk]);
            if (header.NewestMs < timestampMs)
            {
                slab.Return(chunk);
                if (newer == ChunkSlab.None)
                    _newestSealed = ChunkSlab.None;
                else
                    SealedChunk.CutBehind(slab[newer]);
            }
            else
            {
                oldestMs = header.OldestMs;
                newer = chunk;
            }
            chunk = header.Older;
        }
        if (_head.LastMs < timestampMs)
        {
            // Then the full chunks were older still, and are gone as well.
            if (_head.Count > 0)
                slab.Return(_headBuffer);
            _head.Restart();
            Volatile.Write(ref _oldestMs, long.MaxValue);
            Volatile.Write(ref _head.LastMs, long.MinValue);
            return;
        }
        Volatile.Write(ref _oldestMs, oldestMs);
    }

    /// <summary>Counts chunks, samples and bytes.</summary>
    public (int Chunks, int Samples, int Bytes) Count(ChunkSlab slab)
    {
        (int chunks, int samples, int bytes) = _head.Count > 0 ? (1, _head.Count, _head.ByteLength) : (0, 0, 0);
        for (uint chunk = _newestSealed; chunk != ChunkSlab.None;)
        {
            Span<byte> full = slab[chunk];
            SealedChunk header = SealedChunk.Read(full);
            chunks++;
            samples += BinaryPrimitives.ReadUInt16BigEndian(full[SealedHeaderBytes..]);
            bytes += header.Length;
            chunk = header.Older;
        }
        return (chunks, samples, bytes);
    }

    private bool Contains(ChunkSlab slab, long timestampMs, long valueBits)
    {
        if (timestampMs >= _headOldestMs)
            return Contains(slab.WithPadding(_headBuffer), timestampMs, valueBits);
        for (uint chunk = _newestSealed; chunk != ChunkSlab.None;)
        {
            Span<byte> bytes = slab.WithPadding(chunk);
            SealedChunk header = SealedChunk.Read(bytes);
            if (header.OldestMs <= timestampMs)
                return header.NewestMs >= timestampMs && Contains(bytes[SealedHeaderBytes..], timestampMs, valueBits);
            chunk = header.Older;
        }
        return false;
    }

    private static bool Contains(ReadOnlySpan<byte> chunk, long timestampMs, long valueBits)
    {
        var reader = new XorReader(chunk);
        while (reader.MoveNext() && reader.TimestampMs <= timestampMs)
        {
            if (reader.TimestampMs == timestampMs)
                return reader.ValueBits == valueBits;
        }
        return false;
    }

    private void Seal(ChunkSlab slab)
    {
        int length = _head.ByteLength;
        uint full = slab.Rent(SealedHeaderBytes + length);
        Span<byte> bytes = slab[full];
        new SealedChunk(_newestSealed, length, _headOldestMs, _head.LastMs).Write(bytes);
        slab[_headBuffer][..length].CopyTo(bytes[SealedHeaderBytes..]);
        slab.Return(_headBuffer);
        _newestSealed = full;
        _head.Restart();
    }

    private void Grow(ChunkSlab slab)
    {
        uint larger = slab.Rent(Math.Min(slab.Capacity(_headBuffer) * 2, ChunkSlab.LargestSize));
        slab[_headBuffer].CopyTo(slab[larger]);
        slab.Return(_headBuffer);
        _headBuffer = larger;
    }

    private static int CopyBefore(Span<byte> buffer, int end, ReadOnlySpan<byte> chunk)
    {
        int start = end - chunk.Length - sizeof(int);
        BinaryPrimitives.WriteInt32LittleEndian(buffer[start..], chunk.Length);
        chunk.CopyTo(buffer[(start + sizeof(int))..]);
        return start;
    }

    private readonly record struct SealedChunk(uint Older, int Length, long OldestMs, long NewestMs)
    {
        public static SealedChunk Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<SealedChunk>(bytes);

        public static void CutBehind(Span<byte> bytes) => (Read(bytes) with { Older = ChunkSlab.None }).Write(bytes);

        public void Write(Span<byte> bytes) => MemoryMarshal.Write(bytes, this);
    }
}
