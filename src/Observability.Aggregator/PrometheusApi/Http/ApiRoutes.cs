using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Access;
using Observability.Aggregator.PrometheusApi.Telemetry;
using Observability.Aggregator.Surfaces;

namespace Observability.Aggregator.PrometheusApi.Http;

/// <summary>Maps endpoints of the API: what a handler throws becomes the answer that Prometheus would give.</summary>
internal static class ApiRoutes
{
    /// <param name="pattern">Begins with a slash; stands for itself and below <c>/tenants/{tenant}</c>.</param>
    /// <param name="kind">The endpoint in one word, for its metrics.</param>
    /// <param name="parameters">Those that it takes.</param>
    /// <param name="handler">Answers, or throws an <see cref="ApiException"/> before anything was sent.</param>
    public static void MapApi(this IEndpointRouteBuilder routes, string pattern, string kind, Parameters parameters, Func<ApiCall, Task> handler) =>
        routes.MapScoped(pattern, parameters, live: false, async (context, scope) =>
        {
            IServiceProvider services = context.RequestServices;
            var call = new ApiCall(context, scope, services.GetRequiredService<QuerySettings>(), services.GetRequiredService<TimeProvider>());
            using PrometheusCall running = services.GetRequiredService<PrometheusCalls>().Begin("http", kind);
            try
            {
                await handler(call);
                running.Outcome = "ok";
            }
            catch (ApiException exception) when (!context.Response.HasStarted)
            {
                running.Outcome = exception.Error.Text();
                await ErrorBody.Fail(context, exception.Error.Status(), exception.Error.Text(), exception.Message);
            }
            catch (SlowReaderException)
            {
                running.Outcome = PrometheusCall.SlowReader;
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                running.Outcome = ApiError.Canceled.Text();
            }
        });
}
