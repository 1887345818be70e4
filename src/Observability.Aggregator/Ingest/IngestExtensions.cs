using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Listening;
using Observability.Aggregator.Surfaces;

namespace Observability.Aggregator.Ingest;

/// <summary>Wires what collectors push to.</summary>
internal static class IngestExtensions
{
    public static void AddIngest(this IServiceCollection services, AggregatorOptions options)
    {
        services.AddSingleton<AggregatorIdentity>();
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<NodeStreams>();
        services.AddSingleton<IngestService>();
        services.AddHostedService<NodeSweep>();
        services.AddGrpc().AddServiceOptions<IngestService>(grpc => grpc.MaxReceiveMessageSize = options.Ingest.MaxMessageBytes);
    }

    public static void MapIngest(this IEndpointRouteBuilder routes) =>
        routes.MapGrpcService<IngestService>().WithMetadata(new Surface(Listeners.Ingest, SurfaceRight.Collector));
}
