using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Listening;
using Observability.Aggregator.PrometheusApi.Evaluation;
using Observability.Aggregator.PrometheusApi.Federation;
using Observability.Aggregator.PrometheusApi.Grpc;
using Observability.Aggregator.PrometheusApi.Http;
using Observability.Aggregator.PrometheusApi.RemoteRead;
using Observability.Aggregator.PrometheusApi.Series;
using Observability.Aggregator.PrometheusApi.Telemetry;
using Observability.Aggregator.Surfaces;
using Observability.PromQL;

namespace Observability.Aggregator.PrometheusApi;

/// <summary>Wires the Prometheus API.</summary>
internal static class PrometheusExtensions
{
    /// <summary>Needs the store, a clock and meters.</summary>
    internal static void AddPrometheus(this IServiceCollection services, AggregatorOptions options)
    {
        services.AddSingleton(options.Query);
        services.AddSingleton(options.Query.Experimental ? ParserOptions.Everything : ParserOptions.Default);
        services.AddSingleton<SeriesLists>();
        services.AddSingleton<PrometheusCalls>();
        services.AddSingleton(provider => new QueryEngine(
            new EngineOptions
            {
                LookbackDelta = options.Query.Lookback,
                Timeout = options.Query.Timeout,
                MaxSamples = options.Query.MaxSamples,
                MaxBytes = options.Query.MaxBytes,
                MaxSteps = ScopedQueries.MaxPoints + 1,
            },
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ScopedQueries>();
    }

    /// <summary>Publishes it on the query listener and, as <c>QueryService</c>, on the gRPC listener.</summary>
    internal static void MapPrometheus(this IEndpointRouteBuilder routes)
    {
        routes.MapQueries();
        routes.MapLists();
        routes.MapStatic();
        routes.MapFederation();
        routes.MapRemoteRead();
        routes.MapGrpcService<QueryGrpcService>().WithMetadata(new Surface(Listeners.Grpc, SurfaceRight.Message));
    }
}
