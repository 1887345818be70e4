using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Aggregator.Telemetry;

/// <summary>
/// One span per request, always the root of a trace of its own: a caller's <c>traceparent</c> would let it put its spans among ours, or
/// ours among its own. It names the route and never what stands in it.
/// </summary>
internal sealed class RequestTracing(RequestDelegate next)
{
    public const string SourceName = "Observability.Aggregator";
    private static readonly ActivitySource Source = new(SourceName);

    public async Task InvokeAsync(HttpContext context)
    {
        Activity.Current = null;
        using Activity? span = Source.StartActivity("request", ActivityKind.Server, parentContext: default);
        await next(context);
        if (span is null)
            return;
        string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        span.DisplayName = route;
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
    }
}
