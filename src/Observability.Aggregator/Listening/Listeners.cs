namespace Observability.Aggregator.Listening;

/// <summary>The listeners: what a connection came in through, and what an endpoint may be reached through.</summary>
[Flags]
internal enum Listeners
{
    None = 0,
    Query = 1,
    Grpc = 2,
    Admin = 4,
    Ingest = 8,
}
