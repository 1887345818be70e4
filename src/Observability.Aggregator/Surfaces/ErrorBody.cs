using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Observability.Aggregator.Surfaces;

/// <summary>The one shape of an error, as Prometheus has it.</summary>
internal sealed record ErrorBody(string Status, string ErrorType, string Error)
{
    public const string TooManyText = "too many queries of this tenant at once";

    private static readonly byte[] NotFoundBytes = Serialize("not_found", "not found");

    /// <summary>
    /// The only 404 there is: unknown route, another listener's route, unknown tenant, forbidden tenant, object that does not exist.
    /// Its bytes do not depend on the request.
    /// </summary>
    public static Task NotFound(HttpContext context) => Write(context, StatusCodes.Status404NotFound, NotFoundBytes);

    public static Task BadRequest(HttpContext context, string error) => Write(context, StatusCodes.Status400BadRequest, Serialize("bad_data", error));

    /// <summary>Any other answer that is no data.</summary>
    public static Task Fail(HttpContext context, int status, string errorType, string error) => Write(context, status, Serialize(errorType, error));

    /// <summary>Well formed, but more than one answer may hold or cost.</summary>
    public static Task Unprocessable(HttpContext context, string error) =>
        Write(context, StatusCodes.Status422UnprocessableEntity, Serialize("execution", error));

    public static Task Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Write(context, StatusCodes.Status401Unauthorized, Serialize("unauthorized", "a valid bearer token is needed"));
    }

    public static Task Forbidden(HttpContext context, string error) => Write(context, StatusCodes.Status403Forbidden, Serialize("forbidden", error));

    /// <summary>The caller's tenant asks more at once than its share.</summary>
    public static Task TooManyRequests(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Write(context, StatusCodes.Status429TooManyRequests, Serialize("too_many_requests", TooManyText));
    }

    public static Task Unavailable(HttpContext context, string reason)
    {
        context.Response.Headers.RetryAfter = "1";
        return Write(context, StatusCodes.Status503ServiceUnavailable, Serialize("unavailable", reason));
    }

    /// <summary>What was read is gone; asked again, the answer is what is left.</summary>
    public static Task Removed(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Write(context, StatusCodes.Status503ServiceUnavailable, Serialize("unavailable", "data was removed while it was read"));
    }

    public static Task Internal(HttpContext context) =>
        Write(context, StatusCodes.Status500InternalServerError, Serialize("internal", "internal error"));

    private static Task Write(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static byte[] Serialize(string type, string error) =>
        JsonSerializer.SerializeToUtf8Bytes(new ErrorBody("error", type, error), ErrorJson.Default.ErrorBody);
}

[JsonSerializable(typeof(ErrorBody))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ErrorJson : JsonSerializerContext;
