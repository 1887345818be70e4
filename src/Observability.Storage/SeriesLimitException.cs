using Observability.Model;

namespace Observability.Storage;

/// <summary>A series is refused because it would pass a limit of its partition. Nothing was stored; other partitions are not concerned.</summary>
public sealed class SeriesLimitException : Exception
{
    public SeriesLimitException(TenantUid partition, SeriesLimit limit, int maximum)
        : base($"The partition {partition} takes no further series: {limit} is limited to {maximum}.")
    {
        Partition = partition;
        Limit = limit;
        Maximum = maximum;
    }

    public TenantUid Partition { get; }

    public SeriesLimit Limit { get; }

    /// <summary>The limit's value: a number of series or labels, or bytes of UTF-8.</summary>
    public int Maximum { get; }
}
