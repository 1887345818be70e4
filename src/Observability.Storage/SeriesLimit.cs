namespace Observability.Storage;

/// <summary>Which limit of a partition a new series would pass.</summary>
public enum SeriesLimit
{
    ActiveSeries,
    NewSeriesPerHour,
    Labels,
    LabelNameBytes,
    LabelValueBytes,
}
