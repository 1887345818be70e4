using System.ComponentModel.DataAnnotations;

namespace Observability.Storage;

/// <summary>How much a journal may lose when the power fails, and how much of the disk it leaves free.</summary>
public sealed class JournalOptions
{
    /// <summary>True: a batch is on the disk itself before it is acknowledged. False: after <see cref="SyncInterval"/> at the latest.</summary>
    public bool SyncEveryBatch { get; set; }

    /// <summary>
    /// Time between two syncs, 10 ms to 1 min. What the kernel has and the disk has not is lost when the machine stops, not when the
    /// process does. Default 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of the disk that the journal leaves free: writes are refused while there are fewer. Default 512 MiB.</summary>
    [Range(0, long.MaxValue)]
    public long ReserveBytes { get; set; } = 512L << 20;

    /// <summary>A segment ends once it has this many bytes. Every segment defines its series anew. Default 128 MiB.</summary>
    [Range(1024, 1 << 30)]
    public int SegmentBytes { get; set; } = 128 << 20;

    /// <summary>A segment ends at the next cut once it is this old, so that little traffic does not keep a segment for ever. Default 1 h.</summary>
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromHours(1);
}
