namespace Observability.Aggregator;

/// <summary>Where a started aggregator listens, with the ports that were really taken.</summary>
public sealed record AggregatorEndpoints(Uri Query, Uri Grpc, Uri Admin, Uri Ingest);
