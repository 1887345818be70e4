using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Observability.Aggregator.Listening;
using Observability.Aggregator.ModelApi.Telemetry;
using Observability.Aggregator.PrometheusApi.Telemetry;
using Observability.Aggregator.Surfaces;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Observability.Aggregator.Telemetry;

/// <summary>Logs, own metrics, traces, health.</summary>
internal static class TelemetryExtensions
{
    private static readonly Surface AdminSurface = new(Listeners.Admin, SurfaceRight.Open);

    public static void AddTelemetry(this WebApplicationBuilder builder, TelemetryOptions options)
    {
        builder.Logging.SetMinimumLevel(options.LogLevel);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Critical); // a refused call is the caller's fault; faults of ours are logged here
        if (options.JsonLog)
            builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        else
            builder.Logging.AddSimpleConsole(console => { console.SingleLine = true; console.UseUtcTimestamp = true; console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ "; });
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<OwnMetrics>();
        builder.Services.AddSingleton<Readiness>();

        string endpoint = options.OtlpEndpoint.Length > 0 ? options.OtlpEndpoint : Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") ?? "";
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? receiver))
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("observability-aggregator", serviceVersion: ProductVersion.Text))
            .WithTracing(tracing => tracing.AddSource(RequestTracing.SourceName, ModelQueries.ActivitySourceName, PrometheusCalls.ActivitySourceName)
                .AddOtlpExporter(otlp => { otlp.Endpoint = receiver; otlp.Protocol = OtlpExportProtocol.Grpc; }));
    }

    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        Map("/healthz", context => context.Response.WriteAsync("ok\n", context.RequestAborted));
        Map("/readyz", context =>
        {
            ReadinessBody body = context.RequestServices.GetRequiredService<Readiness>().Current();
            context.Response.StatusCode = body.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            context.Response.ContentType = "application/json; charset=utf-8";
            return JsonSerializer.SerializeAsync(context.Response.Body, body, ReadinessJson.Default.ReadinessBody, context.RequestAborted);
        });
        Map("/metrics", context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            return context.RequestServices.GetRequiredService<OwnMetrics>().WriteAsync(context.Response.Body, context.RequestAborted);
        });

        void Map(string pattern, RequestDelegate handler) =>
            routes.MapMethods(pattern, [HttpMethods.Get], handler).WithMetadata(AdminSurface, Parameters.None);
    }
}
