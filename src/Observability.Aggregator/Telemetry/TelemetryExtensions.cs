using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Observability.Aggregator.Listening;
using Observability.Aggregator.Surfaces;

namespace Observability.Aggregator.Telemetry;

/// <summary>Logs, own metrics, health.</summary>
internal static class TelemetryExtensions
{
    private static readonly Surface AdminSurface = new(Listeners.Admin, SurfaceRight.Open);

    public static void AddTelemetry(this WebApplicationBuilder builder, TelemetryOptions options)
    {
        builder.Logging.SetMinimumLevel(options.LogLevel);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Services.AddMetrics();
    }

    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", [HttpMethods.Get], context => context.Response.WriteAsync("ok\n", context.RequestAborted))
            .WithMetadata(AdminSurface, Parameters.None);
    }
}
