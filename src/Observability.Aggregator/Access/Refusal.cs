using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Observability.Aggregator.Surfaces;

namespace Observability.Aggregator.Access;

/// <summary>One refusal, said in the protocol that the endpoint speaks.</summary>
internal static class Refusal
{
    public static Task Unauthenticated(HttpContext context) =>
        IsGrpc(context) ? Grpc(context, StatusCode.Unauthenticated, "a valid bearer token is needed") : ErrorBody.Unauthorized(context);

    public static Task NotFound(HttpContext context) =>
        IsGrpc(context) ? Grpc(context, StatusCode.NotFound, ScopedCalls.NotFoundText) : ErrorBody.NotFound(context);

    public static Task Unavailable(HttpContext context) => Unavailable(context, ScopedCalls.UnavailableText);

    public static Task Unavailable(HttpContext context, string reason) =>
        IsGrpc(context) ? Grpc(context, StatusCode.Unavailable, reason) : ErrorBody.Unavailable(context, reason);

    private static bool IsGrpc(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;

    // Headers alone carry the status, as gRPC allows for a call that ends before it began.
    private static Task Grpc(HttpContext context, StatusCode status, string message)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = message;
        return Task.CompletedTask;
    }
}
