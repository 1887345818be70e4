using System.Security.Cryptography;

namespace Observability.Exposition;

/// <summary>
/// Finds a row that is not where it was: key to its place in the previous or in the current page. Built when a page first needs it.
/// </summary>
internal sealed unsafe class RowIndex(RowTable[] pages) : IDisposable
{
    private const int LongestProbe = 64;

    private static readonly ulong Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    // A slot is 0 where it is free; else bits of the hash, which tell nearly all other rows apart without a look at them, the place plus
    // one (at most 4 million rows a page: 22 bits) and the number of the page.
    private const uint TagMask = 0xFF80_0000;

    private readonly NativeArray<uint> _table = new();
    private int _count;

    internal bool Built { get; private set; }

    internal long NativeBytes => _table.Bytes;

    /// <summary>Indexes the two pages as they stand.</summary>
    internal void Build()
    {
        Built = true;
        Rebuild(Math.Max(256, _table.Capacity));
    }

    /// <summary>Forgets the rows, keeps the room.</summary>
    internal void Reset()
    {
        Built = false;
        _count = 0;
    }

    internal void Clear()
    {
        Reset();
        _table.Free();
    }

    internal bool TryFind(in RowEntry key, out int page, out int place)
    {
        uint mask = (uint)_table.Capacity - 1;
        uint hash = Hash(key);
        for (uint probe = 0; probe < LongestProbe; probe++)
        {
            uint found = _table.Items[(hash + probe) & mask];
            if (found == 0) break;
            if (((found ^ hash) & TagMask) != 0) continue;
            page = (int)(found & 1);
            place = PlaceOf(found);
            if (pages[page].Items[place].SameKey(key)) return true;
        }
        page = place = -1;
        return false;
    }

    /// <summary>Adds the row last appended to a page. The first of two equal ones is the one found.</summary>
    internal void AddLast(int page)
    {
        if (_count >= _table.Capacity / 4 * 3) Rebuild(_table.Capacity * 2);    // which adds it too
        else Insert(page, pages[page].Count - 1);
    }

    public void Dispose() => _table.Dispose();

    private void Rebuild(int capacity)
    {
        int rows = pages[0].Count + pages[1].Count;
        while (rows > capacity / 4 * 3) capacity *= 2;
        if (capacity != _table.Capacity)
        {
            _table.Free();
            _table.Resize(capacity);
        }
        new Span<uint>(_table.Items, capacity).Clear();
        _count = 0;
        for (int page = 0; page < pages.Length; page++)
            for (int place = 0; place < pages[page].Count; place++) Insert(page, place);
    }

    private void Insert(int page, int place)
    {
        uint mask = (uint)_table.Capacity - 1;
        ref RowEntry key = ref pages[page].Items[place];
        uint hash = Hash(key);
        for (uint probe = 0; probe < LongestProbe; probe++)
        {
            ref uint slot = ref _table.Items[(hash + probe) & mask];
            if (slot == 0)
            {
                slot = (hash & TagMask) | (((uint)place + 1) << 1) | (uint)page;
                _count++;
                return;
            }
            if (((slot ^ hash) & TagMask) == 0 && pages[(int)(slot & 1)].Items[PlaceOf(slot)].SameKey(key)) return;
        }
    }

    private static int PlaceOf(uint slot) => (int)((slot & ~TagMask) >> 1) - 1;

    // The finalizer of MurmurHash3 over the secret and the key.
    private static uint Hash(in RowEntry key)
    {
        ulong x = (((ulong)key.Family << 32) | key.LabelOffset) ^ Seed;
        x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDUL;
        x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return (uint)(x ^ (x >> 33));
    }
}
