using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Access;
using Observability.Aggregator.Listening;
using Observability.Aggregator.ModelApi.Evaluation;
using Observability.Aggregator.ModelApi.Telemetry;
using Observability.Aggregator.Surfaces;
using Observability.Model;

namespace Observability.Aggregator.ModelApi.Http;

/// <summary>
/// Heapster's model over HTTP: <c>/api/v1/model/…</c> for all that the caller may see, <c>/tenants/{tenant}/api/v1/model/…</c> for one
/// tenant. Every path may end with a slash. What does not exist and what the caller may not see get the same 404.
/// </summary>
internal static class ModelEndpoints
{
    private const string Root = "/api/v1/model";
    private const string Pod = "/namespaces/{namespace}/pods/{pod}";
    private const string Container = Pod + "/containers/{container}";
    private const string SystemContainer = "/nodes/{node}/freecontainers/{container}";

    private static readonly Parameters MetricParameters = Parameters.Allow("start", "end", "labels");

    internal static void MapModelEndpoints(this IEndpointRouteBuilder routes)
    {
        MapMetrics(routes, "", _ => ObjectPath.Everything);
        MapMetrics(routes, "/namespaces/{namespace}", route => ObjectPath.OfNamespace(route("namespace")));
        MapMetrics(routes, Pod, route => ObjectPath.OfPod(route("namespace"), route("pod")));
        MapMetrics(routes, Container, route => ObjectPath.OfContainer(route("namespace"), route("pod"), route("container")));
        MapMetrics(routes, "/nodes/{node}", route => ObjectPath.OfNode(route("node")));
        MapMetrics(routes, SystemContainer, route => ObjectPath.OfSystemContainer(route("node"), route("container")));

        MapNames(routes, "/namespaces", (objects, scope, _, cancel) => objects.Namespaces(scope, cancel));
        MapNames(routes, "/namespaces/{namespace}/pods", (objects, scope, route, cancel) => objects.Pods(scope, route("namespace"), cancel));
        MapNames(routes, Pod + "/containers", (objects, scope, route, cancel) => objects.Containers(scope, route("namespace"), route("pod"), cancel));
        MapNames(routes, "/nodes", (objects, scope, _, cancel) => objects.Nodes(scope, cancel));
        MapNames(routes, "/nodes/{node}/freecontainers", (objects, scope, route, cancel) => objects.SystemContainers(scope, route("node"), cancel));
        MapNames(routes, "/tenants", (objects, scope, _, _) => objects.Tenants(scope));
        MapNames(routes, "/debug/allkeys", (objects, scope, _, cancel) => objects.AllKeys(scope, cancel));

        routes.MapScoped(Root + "/namespaces/{namespace}/pod-list/{pods}/metrics/{**metric}", MetricParameters, live: true, AnswerPodList);

        // The same list as /api/v1/model/tenants, where the paths of tenants begin.
        routes.MapMethods("/tenants", [HttpMethods.Get],
                context => AnswerNames(context, context.Scope(), (objects, scope, _, _) => objects.Tenants(scope)))
            .WithMetadata(new Surface(Listeners.Query, SurfaceRight.Metrics), Parameters.None);
    }

    private delegate string RouteValue(string name);

    private delegate IReadOnlyList<string>? NameList(ModelObjects objects, TenantScope scope, RouteValue route, CancellationToken cancellationToken);

    private static void MapNames(IEndpointRouteBuilder routes, string pattern, NameList list) =>
        routes.MapScoped(Root + pattern, Parameters.None, live: true, (context, scope) => AnswerNames(context, scope, list));

    private static void MapMetrics(IEndpointRouteBuilder routes, string pattern, Func<RouteValue, ObjectPath> path)
    {
        routes.MapScoped(Root + pattern + "/metrics", Parameters.None, live: true, (context, scope) => Answer(context, "metrics", query =>
        {
            IReadOnlyList<string>? names = query.View.Metrics(scope, path(Route(context)), context.RequestAborted);
            return names is null ? null : () => ModelJson.WriteNames(context.Response.BodyWriter, names);
        }));
        routes.MapScoped(Root + pattern + "/metrics/{**metric}", MetricParameters, live: true, (context, scope) => Answer(context, "range", query =>
        {
            ModelRequest request = ModelRequest.Parse(context.Request.Query, query.View.NowMs, query.View.Options);
            MetricRange? range = query.View.Range(scope, path(Route(context)), Metric(context), request.Labels, request.Range, query.Budget, context.RequestAborted);
            return range is null ? null : () => ModelJson.WriteMetric(context.Response.BodyWriter, range.Points);
        }));
    }

    private static Task AnswerNames(HttpContext context, TenantScope scope, NameList list) => Answer(context, "list", query =>
    {
        var objects = context.RequestServices.GetRequiredService<ModelObjects>();
        IReadOnlyList<string>? names = list(objects, scope.Only(Rights.Metrics), Route(context), context.RequestAborted);
        return names is null ? null : () => ModelJson.WriteNames(context.Response.BodyWriter, names);
    });

    /// <summary>Positional as in Heapster: one item for each pod asked for; one that does not exist has no points.</summary>
    private static Task AnswerPodList(HttpContext context, TenantScope scope) => Answer(context, "pod-list", query =>
    {
        ModelView view = query.View;
        string[] pods = Route(context)("pods").Split(',');
        if (pods.Contains(""))
            throw new ModelRequestException("pod-list", "must be names of pods separated by commas");
        if (pods.Length > view.Options.MaxPods)
            throw new ModelRequestException("pod-list", $"must not name more than {view.Options.MaxPods} pods", isLimit: true);
        ModelRequest request = ModelRequest.Parse(context.Request.Query, view.NowMs, view.Options);
        string @namespace = Route(context)("namespace");
        if (!view.HasPodsOf(scope, @namespace, Metric(context), context.RequestAborted))
            return null;
        List<(string, IReadOnlyList<Sample>)> items = [];
        foreach (string pod in pods)
        {
            MetricRange? range = view.Range(scope, ObjectPath.OfPod(@namespace, pod), Metric(context), request.Labels, request.Range, query.Budget, context.RequestAborted);
            items.Add((pod, range?.Points ?? []));
        }
        return () => ModelJson.WriteList(context.Response.BodyWriter, items);
    });

    /// <summary>Computes, then writes: nothing is sent before the whole answer is known to be one.</summary>
    private static async Task Answer(HttpContext context, string kind, Func<ModelQuery, Action?> compute)
    {
        using ModelQuery query = context.RequestServices.GetRequiredService<ModelQueries>().Begin("http", kind);
        try
        {
            if (compute(query) is not { } write)
            {
                query.Outcome = "not_found";
                await ErrorBody.NotFound(context);
                return;
            }
            query.Outcome = "ok";
            context.Response.ContentType = "application/json; charset=utf-8";
            write();
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        catch (ModelRequestException exception)
        {
            query.Outcome = exception.IsLimit ? "limit" : "bad_request";
            await (exception.IsLimit ? ErrorBody.Unprocessable(context, exception.Message) : ErrorBody.BadRequest(context, exception.Message));
        }
    }

    private static RouteValue Route(HttpContext context) => name => context.Request.RouteValues[name] as string ?? "";

    private static string Metric(HttpContext context) => Route(context)("metric").TrimEnd('/');
}
