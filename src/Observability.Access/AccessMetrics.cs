using System.Diagnostics.Metrics;

namespace Observability.Access;

/// <summary>What was asked of the API server and what became of callers.</summary>
internal sealed class AccessMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _reviews;
    private readonly Counter<long> _hits;
    private readonly Counter<long> _decisions;

    public AccessMetrics(IMeterFactory meters, string part)
    {
        _meter = meters.Create(new MeterOptions("Observability.Access." + part));
        string prefix = "access." + part.ToLowerInvariant();
        _reviews = _meter.CreateCounter<long>(prefix + ".reviews", unit: "{review}", description: "Reviews by the API server, by outcome: answered, failed, turned_away.");
        _hits = _meter.CreateCounter<long>(prefix + ".cache_hits", unit: "{decision}", description: "Decisions that were remembered.");
        _decisions = _meter.CreateCounter<long>(prefix + ".decisions", unit: "{decision}", description: "Decisions, by action and outcome.");
    }

    public void Reviewed(string kind, string outcome) => _reviews.Add(1, new("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));

    public void CacheHit(string kind) => _hits.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Decided(string action, string outcome) => _decisions.Add(1, new("action", action), new KeyValuePair<string, object?>("outcome", outcome));

    public void Dispose() => _meter.Dispose();
}
