using Observability.Model;

namespace Observability.Storage.Head;

/// <summary>One series in memory, as others hold it: where its state is. Its members need the partition's lock, but for those that say otherwise.</summary>
internal sealed class HeadSeries(Partition owner) : SeriesHandle
{
    public const int NotIndexed = -1;

    /// <summary>Any thread.</summary>
    public Partition Owner { get; } = owner;

    /// <summary>Any thread.</summary>
    public override TenantUid Partition => Owner.Tenant;

    /// <summary>Any thread.</summary>
    public override bool IsDeleted => Owner.IsRemoved;

    /// <summary>Place in the partition's table of series, or <see cref="NotIndexed"/> while it is forgotten.</summary>
    public int Slot { get; set; } = NotIndexed;

    /// <summary>Its labels while it is forgotten.</summary>
    public LabelSet? ForgottenLabels { get; set; }

    /// <summary>Any thread.</summary>
    public override LabelSet Labels => Owner.LabelsOf(this);
}
