using System.Diagnostics.Metrics;
using Prometheus;

namespace Observability.Aggregator.Telemetry;

/// <summary>
/// This host's instruments as Prometheus text. A registry of its own, fed by the meters of its own container: two hosts in one process
/// show each their own.
/// </summary>
internal sealed class OwnMetrics : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IDisposable _adapter;

    public OwnMetrics(IMeterFactory meters)
    {
        _adapter = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = _registry,
            MetricFactory = Metrics.WithCustomRegistry(_registry),
            InstrumentFilterPredicate = instrument =>
                ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name.StartsWith("Observability.", StringComparison.Ordinal),
        });
        DotNetStats.Register(_registry);
    }

    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(stream, cancellationToken);

    public void Dispose() => _adapter.Dispose();
}
