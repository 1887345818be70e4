using KestrelListenOptions = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace Observability.Aggregator.Listening;

/// <summary>The listeners as the server knows them; once started, they hold the ports really taken.</summary>
internal sealed class BoundListeners
{
    public KestrelListenOptions? Query { get; set; }

    public KestrelListenOptions? Grpc { get; set; }

    public KestrelListenOptions? Admin { get; set; }

    public KestrelListenOptions? Ingest { get; set; }

    public AggregatorEndpoints Endpoints(bool tls)
    {
        return new(Address(Query), Address(Grpc), Address(Admin), Address(Ingest));

        Uri Address(KestrelListenOptions? listener) =>
            new($"{(tls ? "https" : "http")}://{listener?.IPEndPoint ?? throw new InvalidOperationException("The aggregator has not started.")}");
    }
}
