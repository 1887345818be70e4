using System.Diagnostics.Metrics;

namespace Observability.Storage;

/// <summary>The store's own instruments. None has a label that names a tenant.</summary>
internal sealed class StoreMetrics : IDisposable
{
    public const string MeterName = "Observability.Storage";

    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _seriesRefused;

    public StoreMetrics(IMeterFactory? meters, Func<int> partitions, Func<long> series, Func<long> headBytes)
    {
        _ownsMeter = meters is null;
        _meter = meters?.Create(new MeterOptions(MeterName)) ?? new Meter(MeterName);
        _samples = _meter.CreateCounter<long>("store.samples", "{sample}", "Samples written to the store, by outcome.");
        _seriesRefused = _meter.CreateCounter<long>("store.series.refused", "{series}", "New series that a limit of their partition refused, by limit.");
        _meter.CreateObservableUpDownCounter("store.partitions", partitions, "{partition}", "Partitions with or without data.");
        _meter.CreateObservableUpDownCounter("store.series", series, "{series}", "Series in memory, all partitions.");
        _meter.CreateObservableUpDownCounter("store.chunks.size", headBytes, "By", "Memory of the chunks of all partitions.");
    }

    public void Written(WriteResult result)
    {
        Count(result.Accepted, "accepted");
        Count(result.Duplicates, "duplicate");
        Count(result.OutOfOrder, "out_of_order");
        Count(result.TooOld, "too_old");
        Count(result.TooNew, "too_new");
        Count(result.OverLimit, "over_limit");
        Count(result.OverRate, "over_rate");
    }

    public void Refused(SeriesLimit limit) => _seriesRefused.Add(1, new KeyValuePair<string, object?>("limit", limit switch
    {
        SeriesLimit.ActiveSeries => "active_series",
        SeriesLimit.NewSeriesPerHour => "new_series_per_hour",
        SeriesLimit.Labels => "labels",
        SeriesLimit.LabelNameBytes => "label_name_bytes",
        _ => "label_value_bytes",
    }));

    public void Dispose()
    {
        if (_ownsMeter) // a factory disposes what it made
            _meter.Dispose();
    }

    private void Count(int samples, string outcome)
    {
        if (samples > 0)
            _samples.Add(samples, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
