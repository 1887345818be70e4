namespace Observability.Collector.Series;

/// <summary>
/// Finds slots by a hash, in 8 bytes a slot; what is compared stays with the slots. A dictionary would keep its keys once more, and a
/// node has some ten thousand series.
/// </summary>
/// <param name="hashOf">The hash of a slot that is in the index.</param>
internal sealed class SlotIndex(Func<int, uint> hashOf)
{
    // Both hold the slot plus one; 0 ends a chain.
    private int[] _first = new int[1024];
    private int[] _next = new int[1024];

    internal int Count { get; private set; }

    /// <summary>The first slot that may have the hash; -1: none.</summary>
    internal int First(uint hash) => _first[Bucket(hash)] - 1;

    /// <summary>The slot to look at behind another; -1: none.</summary>
    internal int Next(int slot) => _next[slot] - 1;

    internal void Add(uint hash, int slot)
    {
        if (slot >= _next.Length)
            Array.Resize(ref _next, Math.Max(slot + 1, _next.Length + _next.Length / 4));
        if (Count == _first.Length)
            Grow();
        ref int first = ref _first[Bucket(hash)];
        _next[slot] = first;
        first = slot + 1;
        Count++;
    }

    /// <summary>Takes out a slot that is in the index.</summary>
    internal void Remove(uint hash, int slot)
    {
        ref int link = ref _first[Bucket(hash)];
        while (link != slot + 1)
            link = ref _next[link - 1];
        link = _next[slot];
        Count--;
    }

    private int Bucket(uint hash) => (int)(hash >> 7 & (uint)(_first.Length - 1)); // the middle bits: the low ones of a product are weak

    private void Grow()
    {
        int[] before = _first;
        _first = new int[2 * before.Length];
        foreach (int chain in before)
            for (int slot = chain - 1; slot >= 0;)
            {
                int next = _next[slot] - 1;
                ref int first = ref _first[Bucket(hashOf(slot))];
                _next[slot] = first;
                first = slot + 1;
                slot = next;
            }
    }
}
