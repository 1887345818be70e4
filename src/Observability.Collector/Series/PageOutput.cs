using Observability.Collector.Classification;
using Observability.Protocol.Ingest;

namespace Observability.Collector.Series;

/// <summary>What a page brings to send. Used again from page to page.</summary>
internal sealed class PageOutput
{
    private readonly int[] _dropped = new int[Enum.GetValues<DropReason>().Length];

    /// <summary>Series that ended, or that got a new ref. To be sent ahead of the samples: the marker of an ended container must stand
    /// before the first sample of its successor, which is stored under the same labels.</summary>
    internal List<uint> Ended { get; } = [];

    internal List<BatchSample> Samples { get; } = [];

    /// <summary>Series whose only samples were held until now, and that ended meanwhile: to be sent behind the samples.</summary>
    internal List<uint> EndedAfter { get; } = [];

    internal int Dropped(DropReason reason) => _dropped[(int)reason];

    internal void Drop(DropReason reason, int count = 1) => _dropped[(int)reason] += count;

    internal void Clear()
    {
        Ended.Clear();
        Samples.Clear();
        EndedAfter.Clear();
        Array.Clear(_dropped);
    }
}
