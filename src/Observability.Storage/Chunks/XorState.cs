namespace Observability.Storage.Chunks;

/// <summary>Where the writing of a chunk stands. All zero: an empty chunk.</summary>
internal struct XorState
{
    /// <summary>Time and value of the newest sample; undefined while <see cref="Count"/> is 0.</summary>
    public long LastMs, LastDeltaMs, LastBits;

    public int BitLength;
    public ushort Count;

    /// <summary>The window of significant bits, valid while <see cref="WindowBits"/> is not 0.</summary>
    public byte Leading, WindowBits;

    /// <summary>Begins the next chunk. The last sample stays known: readers look at its time meanwhile.</summary>
    public void Restart()
    {
        BitLength = 0;
        Count = 0;
        WindowBits = 0;
    }

    public readonly int ByteLength => (BitLength + 7) >> 3;
}
