using Microsoft.AspNetCore.Http;
using Observability.Aggregator.Access;
using Observability.Aggregator.Surfaces;

namespace Observability.Aggregator.Maintenance;

/// <summary>
/// Behind access: while the store is being read, whoever may ask is told to come back. An answer from a part of the data would be a
/// wrong answer, and a sample that is taken before older ones would make them late.
/// </summary>
internal sealed class StoreGate(RequestDelegate next, StoreState state)
{
    public Task InvokeAsync(HttpContext context) =>
        state.NotServing is { } reason && context.GetEndpoint()?.Metadata.GetMetadata<Surface>()?.Right != SurfaceRight.Open
            ? Refusal.Unavailable(context, reason)
            : next(context);
}
