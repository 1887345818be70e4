using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Observability.Aggregator.Listening;
using Observability.Aggregator.ModelApi.Grpc;
using Observability.Aggregator.ModelApi.Http;
using Observability.Aggregator.ModelApi.Telemetry;
using Observability.Aggregator.Surfaces;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.ModelApi;

/// <summary>Wires the model.</summary>
internal static class ModelExtensions
{
    /// <summary>Needs the store, the tenant directory, a clock and meters.</summary>
    internal static void AddModel(this IServiceCollection services)
    {
        services.TryAddSingleton(new ModelOptions());
        services.AddSingleton(provider => new ModelObjects(provider.GetRequiredService<MetricStore>(),
            () => provider.GetRequiredService<TenantDirectory>().Current, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ModelView>();
        services.AddSingleton<ModelQueries>();
        services.AddSingleton<WatchSlots>();
    }

    /// <summary>Publishes it on the query listener and, as <c>ModelService</c>, on the gRPC listener.</summary>
    internal static void MapModel(this IEndpointRouteBuilder routes)
    {
        routes.MapModelEndpoints();
        routes.MapGrpcService<ModelGrpcService>().WithMetadata(new Surface(Listeners.Grpc, SurfaceRight.Message));
    }
}
