using System.Runtime.InteropServices;

namespace Observability.Storage.Head;

/// <summary>
/// What a partition keeps of one series beside its bytes: one line of the processor's cache, in tables without references, so that a
/// series is no object to the garbage collector. Guarded by the partition's lock.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct SeriesState
{
    public const int None = -1;

    /// <summary>Bits of the newest value.</summary>
    public long LastBits;

    /// <summary>Times of the newest and the oldest sample; the oldest is later than the newest where there is none.</summary>
    public long NewestMs, OldestMs;

    /// <summary>The chunk that is being written, and the newest full one, which names the next older.</summary>
    public uint Open, Sealed;

    /// <summary>The ids of its labels, sorted by name, and how many.</summary>
    public uint Labels;

    /// <summary>The group whose times it has, or <see cref="None"/>.</summary>
    public int Group;

    /// <summary>The times of the chunk that is being written.</summary>
    public int Times;

    /// <summary>Late samples, or <see cref="None"/>.</summary>
    public int Late;

    public int Hash;

    public ushort LabelCount;

    /// <summary>Where the writing of the chunk stands; see <see cref="Chunks.XorValues"/>.</summary>
    public ushort BitLength;

    public byte LeadingZeros, WindowBits;

    /// <summary>The chunk's first row in its times, and its samples.</summary>
    public byte FirstRow, Count;

    /// <summary>Rows of its group that it missed lately, as far as that matters.</summary>
    public byte Misses;

    /// <summary>1 when the last truncation already found no sample here.</summary>
    public byte WasFoundEmpty;

    public static SeriesState Empty => new()
    {
        NewestMs = long.MinValue, OldestMs = long.MaxValue, Group = None, Times = None, Late = None,
    };

    public readonly bool IsEmpty => OldestMs > NewestMs;

    /// <summary>True when the newest sample is the stale marker.</summary>
    public readonly bool HasEnded => !IsEmpty && LastBits == Model.StaleMarker.Bits;

    /// <summary>The chunk's row that would come next.</summary>
    public readonly int NextRow => FirstRow + Count;
}
