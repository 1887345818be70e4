using Microsoft.AspNetCore.Http;
using Observability.Aggregator.Listening;

namespace Observability.Aggregator.Surfaces;

/// <summary>
/// Behind routing: an endpoint exists only on the listener that its <see cref="Surface"/> names. Everything else, unknown routes and
/// wrong methods included, gets the one 404.
/// </summary>
internal sealed class SurfaceGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        Surface? surface = context.GetEndpoint()?.Metadata.GetMetadata<Surface>();
        Listeners listener = context.Features.Get<ListenerFeature>()?.Serves ?? Listeners.None;
        return surface is null || (surface.Listener & listener) == 0 ? ErrorBody.NotFound(context) : next(context);
    }
}
