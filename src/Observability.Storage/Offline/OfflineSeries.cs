using Observability.Model;
using Observability.Storage.Blocks;

namespace Observability.Storage.Offline;

/// <summary>A series that an <see cref="OfflineStore"/> selected.</summary>
public sealed class OfflineSeries
{
    private readonly BlockSeries _series;
    private readonly TimeRange _range;

    internal OfflineSeries(BlockSeries series, TimeRange range)
    {
        _series = series;
        _range = range;
    }

    public LabelSet Labels => _series.Labels;

    /// <summary>Adds the samples of the selection's range, oldest first.</summary>
    /// <exception cref="CorruptDataException">They are damaged.</exception>
    public void Read(SampleColumns into) => _series.Read(_range, into);
}
