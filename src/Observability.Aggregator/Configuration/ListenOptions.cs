namespace Observability.Aggregator;

/// <summary>
/// Where the four listeners stand, each as <c>address:port</c>; port 0 takes any free one. A loopback address without a certificate
/// speaks plain HTTP; every other address needs <see cref="TlsOptions"/>.
/// </summary>
public sealed class ListenOptions
{
    /// <summary>Queries over HTTP/1.1; with TLS also HTTP/2, and then gRPC as well.</summary>
    public string Query { get; set; } = "127.0.0.1:8080";

    /// <summary>Queries over gRPC.</summary>
    public string Grpc { get; set; } = "127.0.0.1:8082";

    /// <summary>Health, readiness and own metrics. No tenant's token means anything here.</summary>
    public string Admin { get; set; } = "127.0.0.1:8081";

    /// <summary>Collectors, over gRPC.</summary>
    public string Ingest { get; set; } = "127.0.0.1:8083";

    /// <summary>Connections that each listener takes at once. Its own count each: one full listener must not close another.</summary>
    public int MaxConnections { get; set; } = 4096;
}
