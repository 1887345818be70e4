using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Observability.Exposition;

/// <summary>
/// Names and label parts of a target's rows, each distinct text stored once: a cgroup's labels repeat in some fifty families, so
/// that a page of 5 MB is about 1.2 MB of distinct texts. A text is known by its offset; equal offsets are equal texts.
/// </summary>
internal sealed unsafe class TextArena : IDisposable
{
    // In front of each text: next, hash, mark, length.
    private const int HeaderBytes = 16;
    private const int LongestProbe = 64;

    // Secret per process: what a target sends must not be able to aim at one slot of the table.
    private static readonly long Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    private readonly NativeArray<byte> _texts = new();
    private readonly NativeArray<uint> _table = new();
    private int _used = HeaderBytes;    // offset 0 stands for "none"
    private int _count;
    private int _liveBytes;

    internal byte* Base => _texts.Items;

    internal long NativeBytes => _texts.Bytes + _table.Bytes;

    internal ReadOnlySpan<byte> this[uint offset] => new(Base + offset, LengthAt(offset));

    internal int LengthAt(uint offset) => *(int*)(Base + offset - 4);

    /// <summary>A note of the caller's about a text: the offset of the one that came next, or 0. Forgotten when texts move.</summary>
    internal ref uint NextOf(uint offset) => ref *(uint*)(Base + offset - 16);

    /// <summary>The offset of a text, or 0 where it is not stored.</summary>
    /// <param name="text">Any bytes.</param>
    /// <param name="hash">For <see cref="Add"/>, should it be stored.</param>
    internal uint Find(ReadOnlySpan<byte> text, out uint hash)
    {
        hash = Hash(text);
        return _count == 0 ? 0 : Find(text, hash);
    }

    /// <summary>Stores a text that was not found, and returns its offset. May move <see cref="Base"/>.</summary>
    internal uint Add(ReadOnlySpan<byte> text, uint hash)
    {
        int needed = checked(_used + HeaderBytes + text.Length);
        _texts.Reserve(needed);
        uint offset = (uint)(_used + HeaderBytes);
        *(uint*)(Base + offset - 12) = hash;
        Mark(offset) = NextOf(offset) = 0;
        *(int*)(Base + offset - 4) = text.Length;
        text.CopyTo(new Span<byte>(Base + offset, text.Length));
        _used = needed;
        _count++;
        if (_count > _table.Capacity / 4 * 3) Rebuild(Math.Max(256, _table.Capacity * 2));
        else Insert(hash, offset);
        return offset;
    }

    /// <summary>Notes that every text is named by an entry; only room is given back.</summary>
    internal void Trim()
    {
        _liveBytes = _used;
        _texts.Trim(_used);
    }

    /// <summary>
    /// Gives back the texts that no entry names, once a quarter more is used than was alive last time; entries are told the new offsets.
    /// </summary>
    /// <returns>Whether it came to that.</returns>
    internal bool Compact(Span<RowEntry> entries)
    {
        if (_used <= _liveBytes + (_liveBytes / 4) + 4096) return false;
        foreach (ref RowEntry entry in entries) Mark(entry.NameOffset) = Mark(entry.LabelOffset) = 1;

        uint target = HeaderBytes;
        for (uint offset = 2 * HeaderBytes; offset <= _used; offset += (uint)LengthAt(offset) + HeaderBytes)
        {
            if (Mark(offset) == 0) continue;
            Mark(offset) = target + HeaderBytes;
            target += (uint)LengthAt(offset) + HeaderBytes;
        }
        foreach (ref RowEntry entry in entries)
        {
            entry.LabelOffset = Mark(entry.LabelOffset);
            entry.NameOffset = Mark(entry.NameOffset);
        }
        Slide();
        Trim();
        int capacity = _table.Capacity;
        while (capacity > 256 && _count < capacity / 4) capacity /= 2;
        Rebuild(capacity);
        return true;
    }

    internal void Clear()
    {
        _texts.Free();
        _table.Free();
        _used = HeaderBytes;
        _count = _liveBytes = 0;
    }

    public void Dispose()
    {
        _texts.Dispose();
        _table.Dispose();
    }

    // Texts move towards the front only, in their order, so each is moved before anything is written over it.
    private void Slide()
    {
        uint next;
        int end = _used;
        _used = HeaderBytes;
        _count = 0;
        for (uint offset = 2 * HeaderBytes; offset <= end; offset = next)
        {
            int length = LengthAt(offset);
            next = offset + (uint)length + HeaderBytes;
            uint to = Mark(offset);
            if (to == 0) continue;
            Mark(offset) = NextOf(offset) = 0;
            NativeMemory.Copy(Base + offset - HeaderBytes, Base + to - HeaderBytes, (nuint)(length + HeaderBytes));
            _used = (int)to + length;
            _count++;
        }
    }

    private ref uint Mark(uint offset) => ref *(uint*)(Base + offset - 8);

    private static uint Hash(ReadOnlySpan<byte> text) => (uint)XxHash3.HashToUInt64(text, Seed);

    private uint Find(ReadOnlySpan<byte> text, uint hash)
    {
        uint mask = (uint)_table.Capacity - 1;
        for (uint probe = 0; probe < LongestProbe; probe++)
        {
            uint offset = _table.Items[(hash + probe) & mask];
            if (offset == 0) return 0;
            if (*(uint*)(Base + offset - 12) == hash && this[offset].SequenceEqual(text)) return offset;
        }
        return 0;
    }

    // Where no place is free nearby the text stays without one: it costs its bytes again, never a long search.
    private void Insert(uint hash, uint offset)
    {
        uint mask = (uint)_table.Capacity - 1;
        for (uint probe = 0; probe < LongestProbe; probe++)
        {
            ref uint place = ref _table.Items[(hash + probe) & mask];
            if (place != 0) continue;
            place = offset;
            return;
        }
    }

    private void Rebuild(int capacity)
    {
        _table.Free();
        _table.Resize(capacity);
        new Span<uint>(_table.Items, capacity).Clear();
        for (uint offset = 2 * HeaderBytes; offset <= _used; offset += (uint)LengthAt(offset) + HeaderBytes)
            Insert(*(uint*)(Base + offset - 12), offset);
    }
}
