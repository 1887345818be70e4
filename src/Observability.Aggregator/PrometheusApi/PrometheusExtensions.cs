using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.PrometheusApi.Federation;
using Observability.Aggregator.PrometheusApi.Http;
using Observability.Aggregator.PrometheusApi.RemoteRead;
using Observability.Aggregator.PrometheusApi.Series;
using Observability.Aggregator.PrometheusApi.Telemetry;
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
    }

    /// <summary>Publishes it on the query listener.</summary>
    internal static void MapPrometheus(this IEndpointRouteBuilder routes)
    {
        routes.MapLists();
        routes.MapStatic();
        routes.MapFederation();
        routes.MapRemoteRead();
    }
}
