using System.Diagnostics.Metrics;

namespace Observability.Tenancy;

/// <summary>How much the directory holds and what it had to refuse.</summary>
internal sealed class TenancyMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _confirmations;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="read">Reads the directory's figures; called from the metrics' own thread.</param>
    public TenancyMetrics(IMeterFactory meters, Func<DirectoryFigures> read)
    {
        _meter = meters.Create("Observability.Tenancy");
        _refused = _meter.CreateCounter<long>("tenancy.refused", unit: "{object}", description: "Namespaces and pods not taken because the directory was full.");
        _confirmations = _meter.CreateCounter<long>("tenancy.confirmations", unit: "{read}", description: "Reads of one namespace that pods waited for, by outcome.");
        Gauge("tenancy.namespaces", "{namespace}", "Live namespaces.", figures => figures.Namespaces);
        Gauge("tenancy.namespaces.conflicting", "{namespace}", "Live namespaces that more than one provider claims; they are in _unassigned.", figures => figures.Conflicts);
        Gauge("tenancy.namespaces.over_limit", "{namespace}", "Live namespaces that a limit keeps from their tenant; they are in _unassigned.", figures => figures.OverLimit);
        Gauge("tenancy.tenants", "{tenant}", "Tenants that have ever claimed a namespace.", figures => figures.Tenants);
        Gauge("tenancy.pods", "{pod}", "Live pods, resolved or not.", figures => figures.Pods);
        Gauge("tenancy.pods.ended", "{pod}", "Deleted pods that are still resolvable.", figures => figures.EndedPods);
        Gauge("tenancy.pods.unresolved", "{pod}", "Pods that are not proven to be in a namespace.", figures => figures.UnresolvedPods);
        Gauge("tenancy.namespaces.lag", "s", "Time since the watch of namespaces last said anything.", figures => figures.NamespaceLagSeconds);

        void Gauge(string name, string unit, string description, Func<DirectoryFigures, double> value) =>
            _meter.CreateObservableGauge(name, () => value(read()), unit, description);
    }

    public void Refused(string kind) => _refused.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Confirmed(string outcome) => _confirmations.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Dispose() => _meter.Dispose();
}

/// <summary>One reading of the directory's figures.</summary>
internal readonly record struct DirectoryFigures(
    int Namespaces, int Conflicts, int OverLimit, int Tenants, int Pods, int EndedPods, int UnresolvedPods, double NamespaceLagSeconds);
