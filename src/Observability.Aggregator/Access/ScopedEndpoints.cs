using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Listening;
using Observability.Aggregator.Surfaces;
using Observability.Model;

namespace Observability.Aggregator.Access;

/// <summary>Answers a request with what the scope holds. <see cref="ErrorBody"/> has the answers that are no data.</summary>
internal delegate Task ScopedHandler(HttpContext context, TenantScope scope);

/// <summary>The way to publish data over HTTP.</summary>
internal static class ScopedEndpoints
{
    /// <summary>Route value of the tenant in the path.</summary>
    public const string TenantValue = "tenant";

    /// <summary>Route value of the namespace; a pattern that has it is authorised for that namespace.</summary>
    public const string NamespaceValue = "namespace";

    /// <summary>
    /// Maps <c>pattern</c> and <c>/tenants/{tenant}pattern</c> on the query listener. The caller is authenticated, the tenant and the
    /// namespace of the path are authorised and the parameters are checked before the handler runs; the scope that it gets is never
    /// empty. A caller without the right is answered as if nothing were there.
    /// </summary>
    /// <param name="pattern">Begins with a slash: <c>/api/v1/model/namespaces/{namespace}/pods</c>.</param>
    /// <param name="parameters">Those that the handler reads; all others are refused. Their body decides the methods: GET, GET and POST, or POST.</param>
    /// <param name="live">True: in a namespace, <c>get pods.metrics.k8s.io</c> is right enough: what the head holds is the live view.</param>
    public static void MapScoped(this IEndpointRouteBuilder routes, string pattern, Parameters parameters, bool live, ScopedHandler handler)
    {
        var surface = new Surface(Listeners.Query, live ? SurfaceRight.LiveMetrics : SurfaceRight.Metrics);
        string[] methods = parameters.Body switch
        {
            RequestBody.None => [HttpMethods.Get],
            RequestBody.Form => [HttpMethods.Get, HttpMethods.Post],
            _ => [HttpMethods.Post],
        };
        foreach (string path in (string[])[pattern, $"/tenants/{{{TenantValue}}}{pattern}"])
            routes.MapMethods(path, methods, context => AnswerAsync(context, handler)).WithMetadata(surface, parameters);
    }

    /// <summary>The scope that the access middleware put on the request.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is none of <see cref="MapScoped"/>: no scope, no answer.</exception>
    public static TenantScope Scope(this HttpContext context) =>
        context.Features.Get<TenantScope>() ?? throw new InvalidOperationException("The request has no scope.");

    /// <summary>The parameters that the access middleware read; those of the endpoint's declaration and no others.</summary>
    /// <exception cref="InvalidOperationException">The request did not pass the access middleware.</exception>
    public static RequestParameters Parameters(this HttpContext context) =>
        context.Features.Get<RequestParameters>() ?? throw new InvalidOperationException("The request's parameters were not checked.");

    private static async Task AnswerAsync(HttpContext context, ScopedHandler handler)
    {
        TenantScope scope = context.Scope();
        using RateLimitLease share = await context.RequestServices.GetRequiredService<QueryShares>().TakeAsync(scope, context.RequestAborted);
        if (share.IsAcquired)
            await handler(context, scope);
        else
            await ErrorBody.TooManyRequests(context);
    }
}
