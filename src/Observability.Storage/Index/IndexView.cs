using Observability.Storage.Head;

namespace Observability.Storage.Index;

/// <summary>The table of series as it was when the view was taken. A series that was forgotten since is missing.</summary>
internal readonly struct IndexView(SeriesIndex index, HeadSeries?[] table, int length, int numbering)
{
    /// <summary>Places in the table, used or not.</summary>
    public int Length => length;

    public HeadSeries? this[int reference] => (uint)reference < (uint)length ? Volatile.Read(ref table[reference]) : null;

    /// <summary>False when series got other places since: what was read with this view means nothing.</summary>
    public bool IsCurrent
    {
        get
        {
            Interlocked.MemoryBarrier(); // what was read before must not be later than this
            return index.Numbering == numbering;
        }
    }
}
