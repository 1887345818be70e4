namespace Observability.Storage.Head;

/// <summary>The series of one partition by slot. Slots rise, so that postings are sorted by appending to them. Guarded by the partition's lock.</summary>
internal sealed class SeriesTable
{
    private const int PageBits = 10;
    private const int PageSize = 1 << PageBits;
    private const int SmallestPage = 8;

    private readonly List<SeriesState[]> _states = [];
    private readonly List<HeadSeries?[]> _handles = [];

    /// <summary>Slots, used or not.</summary>
    public int Length { get; private set; }

    public ref SeriesState this[int slot] => ref _states[slot >> PageBits][slot & (PageSize - 1)];

    /// <summary>The series in a slot; null where it was forgotten.</summary>
    public HeadSeries? HandleOf(int slot) => (uint)slot < (uint)Length ? _handles[slot >> PageBits][slot & (PageSize - 1)] : null;

    /// <summary>Gives a series the next slot.</summary>
    public void Add(HeadSeries series, in SeriesState state)
    {
        int page = Length >> PageBits, at = Length & (PageSize - 1);
        if (at == 0)
        {
            int size = page == 0 ? SmallestPage : PageSize; // small partitions stay small
            _states.Add(GC.AllocateUninitializedArray<SeriesState>(size, pinned: true));
            _handles.Add(new HeadSeries?[size]);
        }
        else if (at == _handles[page].Length)
        {
            SeriesState[] states = GC.AllocateUninitializedArray<SeriesState>(at * 2, pinned: true);
            _states[page].CopyTo(states, 0);
            _states[page] = states;
            HeadSeries?[] handles = _handles[page];
            Array.Resize(ref handles, at * 2);
            _handles[page] = handles;
        }
        series.Slot = Length;
        _states[page][at] = state;
        _handles[page][at] = series;
        Length++;
    }

    public void Remove(int slot)
    {
        HeadSeries?[] handles = _handles[slot >> PageBits];
        ref HeadSeries? series = ref handles[slot & (PageSize - 1)];
        if (series is not null)
            series.Slot = HeadSeries.NotIndexed;
        series = null;
    }

    /// <summary>Moves the series together, in their order.</summary>
    /// <returns>The new slot of each old one that is used.</returns>
    public int[] Renumber()
    {
        var slots = new int[Length];
        SeriesState[][] states = [.. _states];
        HeadSeries?[][] handles = [.. _handles];
        int length = Length;
        _states.Clear();
        _handles.Clear();
        Length = 0;
        for (int old = 0; old < length; old++)
        {
            if (handles[old >> PageBits][old & (PageSize - 1)] is not { } series)
                continue;
            slots[old] = Length;
            Add(series, states[old >> PageBits][old & (PageSize - 1)]);
        }
        return slots;
    }
}
