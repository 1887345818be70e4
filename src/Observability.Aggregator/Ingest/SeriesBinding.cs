using Observability.Model;
using Observability.Storage;

namespace Observability.Aggregator.Ingest;

/// <summary>
/// What one ref of a stream stands for. There is one per series and node, so it holds symbols instead of labels: those are needed again
/// only when the series changes its owner.
/// </summary>
internal sealed class SeriesBinding
{
    /// <summary>Stands for every series that was refused: their samples are counted and dropped.</summary>
    public static SeriesBinding Refused { get; } = new() { Labels = [], MetricsPath = "", Container = "" };

    private List<(TenantUid Owner, SeriesHandle Handle)>? _others;

    /// <summary>Symbol of the metric's name.</summary>
    public uint Name { get; init; }

    /// <summary>Symbol pairs of the row's own labels.</summary>
    public required uint[] Labels { get; init; }

    public required string MetricsPath { get; init; }

    public required string Container { get; init; }

    /// <summary>Null of series that belong to no pod.</summary>
    public PodOwnership? Pod { get; init; }

    /// <summary>The series in its owner's partition; null of a refused one.</summary>
    public SeriesHandle? Handle { get; set; }

    /// <summary>Whose partition <see cref="Handle"/> is in.</summary>
    public TenantUid Owner { get; set; }

    /// <summary>All that samples under this definition go to: beside <see cref="Handle"/> the series of those who owned the pod at another time.</summary>
    public IEnumerable<(TenantUid Owner, SeriesHandle Handle)> Fed
    {
        get
        {
            if (Handle is { } own)
                yield return (Owner, own);
            foreach ((TenantUid, SeriesHandle) other in _others ?? [])
                yield return other;
        }
    }

    public SeriesHandle? OtherOf(TenantUid owner) => _others?.Find(other => other.Owner == owner).Handle;

    public void AddOther(TenantUid owner, SeriesHandle handle) => (_others ??= []).Add((owner, handle));
}
