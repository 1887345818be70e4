namespace Observability.Storage.Index;

/// <summary>The slots of series as they were when the view was taken.</summary>
internal readonly struct IndexView(SeriesIndex index, int length, int numbering)
{
    /// <summary>Slots, used or not.</summary>
    public int Length => length;

    /// <summary>False when series got other slots since: what was read with this view means nothing.</summary>
    public bool IsCurrent
    {
        get
        {
            Interlocked.MemoryBarrier(); // what was read before must not be later than this
            return index.Numbering == numbering;
        }
    }
}
