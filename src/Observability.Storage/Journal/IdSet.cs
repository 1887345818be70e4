namespace Observability.Storage;

/// <summary>A set of ids that are given in rising order: a bit each, in pages, since those of series that are gone stay unused.</summary>
internal sealed class IdSet
{
    private const int PageBits = 12;

    private ulong[]?[] _pages = [];

    /// <returns>False when it was there.</returns>
    public bool Add(long id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        long page = id >> PageBits;
        if (page >= _pages.Length)
            Array.Resize(ref _pages, checked((int)Math.Max(page + 1, _pages.Length * 2)));
        ulong[] bits = _pages[page] ??= new ulong[1 << (PageBits - 6)];
        ref ulong word = ref bits[(id >> 6) & ((1 << (PageBits - 6)) - 1)];
        ulong bit = 1UL << (int)(id & 63);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    public bool Contains(long id) =>
        id >= 0 && id >> PageBits < _pages.Length && _pages[id >> PageBits] is { } bits
        && (bits[(id >> 6) & ((1 << (PageBits - 6)) - 1)] & (1UL << (int)(id & 63))) != 0;
}
