using Microsoft.AspNetCore.Http;

namespace Observability.Aggregator.PrometheusApi;

/// <summary>The kinds of errors that Prometheus' API knows.</summary>
internal enum ApiError
{
    /// <summary>The request cannot be meant.</summary>
    BadData,

    /// <summary>The query was understood and could not be evaluated.</summary>
    Execution,
    Canceled,
    Timeout,
    Internal,
    NotFound,
    NotAcceptable,
}

internal static class ApiErrors
{
    /// <summary>As it stands in an answer: <c>bad_data</c>.</summary>
    public static string Text(this ApiError error) => error switch
    {
        ApiError.BadData => "bad_data",
        ApiError.Execution => "execution",
        ApiError.Canceled => "canceled",
        ApiError.Timeout => "timeout",
        ApiError.NotFound => "not_found",
        ApiError.NotAcceptable => "not_acceptable",
        _ => "internal",
    };

    /// <summary>The HTTP status, as in Prometheus 3.</summary>
    public static int Status(this ApiError error) => error switch
    {
        ApiError.BadData => StatusCodes.Status400BadRequest,
        ApiError.Execution => StatusCodes.Status422UnprocessableEntity,
        ApiError.Canceled => StatusCodes.Status499ClientClosedRequest,
        ApiError.Timeout => StatusCodes.Status503ServiceUnavailable,
        ApiError.NotFound => StatusCodes.Status404NotFound,
        ApiError.NotAcceptable => StatusCodes.Status406NotAcceptable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
