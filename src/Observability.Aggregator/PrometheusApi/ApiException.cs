namespace Observability.Aggregator.PrometheusApi;

/// <summary>A request that is answered with an error. The message says nothing that is stored.</summary>
/// <param name="error">What kind.</param>
/// <param name="message">As the caller reads it.</param>
/// <param name="parameter">The parameter to change, where it is one.</param>
internal sealed class ApiException(ApiError error, string message, string parameter = "") : Exception(message)
{
    public ApiError Error { get; } = error;

    public string Parameter { get; } = parameter;

    /// <summary>A wrong parameter, in Prometheus' words.</summary>
    public static ApiException Invalid(string parameter, string reason) =>
        new(ApiError.BadData, $"invalid parameter \"{parameter}\": {reason}", parameter);
}
