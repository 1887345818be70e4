namespace Observability.Aggregator.Ingest;

/// <summary>Tells one run of the aggregator from the next.</summary>
internal sealed class AggregatorIdentity
{
    public string Id { get; } = Guid.NewGuid().ToString("N");
}
