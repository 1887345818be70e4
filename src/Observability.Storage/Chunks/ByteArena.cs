namespace Observability.Storage.Chunks;

/// <summary>
/// Memory for pieces that are written once and go at about the time they came: one behind the other in pages that the garbage collector
/// neither walks nor moves. A page comes back when all of its pieces are freed. Not safe on several threads.
/// </summary>
internal sealed class ByteArena
{
    /// <summary>What <see cref="Allocate"/> never returns.</summary>
    public const uint None = 0;

    /// <summary>The longest piece.</summary>
    public const int LargestSize = 16 * 1024;

    private const int OffsetBits = 14;
    private const int Alignment = 4;
    private const int SmallestPage = 1024;
    private const int LargestPage = Alignment << OffsetBits;

    private readonly List<Page?> _pages = [null]; // index 0 stays unused: no reference is None
    private readonly Stack<int> _unusedIndexes = [];
    private int _current;
    private int _end;       // of what is used of the current page

    /// <summary>Bytes of all pages.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Place for a piece, its content undefined.</summary>
    public uint Allocate(int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestSize);
        int aligned = Aligned(size);
        if (_current == 0 || _pages[_current]!.Bytes.Length - _end < aligned) // the current page is there
            AddPage(aligned);
        uint piece = ((uint)_current << OffsetBits) | (uint)(_end / Alignment);
        _end += aligned;
        _pages[_current]!.Live += aligned;
        return piece;
    }

    /// <summary>The bytes from the beginning of a piece on: its own and those of others behind it.</summary>
    public Span<byte> From(uint piece)
    {
        Page page = _pages[(int)(piece >> OffsetBits)]!; // pieces that are not freed have a page
        return page.Bytes.AsSpan((int)(piece & ((1 << OffsetBits) - 1)) * Alignment);
    }

    /// <param name="piece">What was allocated.</param>
    /// <param name="size">With which size.</param>
    public void Free(uint piece, int size)
    {
        int index = (int)(piece >> OffsetBits);
        Page page = _pages[index]!;
        page.Live -= Aligned(size);
        if (page.Live > 0)
            return;
        AllocatedBytes -= page.Bytes.Length;
        _pages[index] = null;
        _unusedIndexes.Push(index);
        if (index == _current)
            _current = 0;
    }

    private static int Aligned(int size) => (size + Alignment - 1) & -Alignment;

    private void AddPage(int atLeast)
    {
        // Small partitions stay small: a page is no more than a quarter of what is there.
        int size = SmallestPage;
        while (size < LargestPage && (size < AllocatedBytes / 4 || size < atLeast))
            size *= 2;
        if (!_unusedIndexes.TryPop(out _current))
        {
            _current = _pages.Count;
            _pages.Add(null);
        }
        _pages[_current] = new Page(GC.AllocateUninitializedArray<byte>(size, pinned: true));
        _end = 0;
        AllocatedBytes += size;
    }

    private sealed class Page(byte[] bytes)
    {
        public readonly byte[] Bytes = bytes;
        public int Live;
    }
}
