using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// One series of one partition, as <see cref="MetricStore.Resolve"/> gives it: what samples are added to. It stays good for as long as
/// the store lives, unless its tenant is deleted (<see cref="IsDeleted"/>); a series that was forgotten in between (<see cref="MetricStore.Truncate"/>) comes back with its next sample.
/// </summary>
public abstract class SeriesHandle
{
    private protected SeriesHandle()
    {
    }

    /// <summary>Whose series it is.</summary>
    public abstract TenantUid Partition { get; }

    /// <summary>Its labels, made anew with each call.</summary>
    public abstract LabelSet Labels { get; }

    /// <summary>True once its tenant was deleted: nothing can be added any more. Resolved anew, it is another series.</summary>
    public abstract bool IsDeleted { get; }
}
