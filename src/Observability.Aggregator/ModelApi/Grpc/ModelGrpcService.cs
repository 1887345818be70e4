using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Observability.Access;
using Observability.Aggregator.Access;
using Observability.Aggregator.ModelApi.Telemetry;
using Observability.Model;
using Observability.Protocol.V1;

namespace Observability.Aggregator.ModelApi.Grpc;

/// <summary>The model over gRPC, from the same view as over HTTP.</summary>
internal sealed class ModelGrpcService(ModelObjects objects, ModelQueries queries, WatchSlots slots, TimeProvider time) : ModelService.ModelServiceBase
{
    public override async Task<ListResponse> List(ListRequest request, ServerCallContext context)
    {
        ObjectPath path = ModelMessages.Path(request.Object);
        TenantScope scope = (await ScopeAsync(request.Object, context)).Only(Rights.Metrics);
        using IDisposable share = await context.ShareAsync(scope);
        return Answer("list", query =>
        {
            IReadOnlyList<string>? names = request.Kind == ListKind.Metrics
                ? query.View.Metrics(scope, path, context.CancellationToken)
                : Names(request.Kind, scope, path, context.CancellationToken);
            if (names is null)
                return null;
            var response = new ListResponse();
            response.Names.AddRange(names);
            return response;
        });
    }

    public override async Task<GetRangeResponse> GetRange(GetRangeRequest request, ServerCallContext context)
    {
        ObjectPath path = ModelMessages.Path(request.Object);
        if (request.Metric.Length == 0)
            throw ModelMessages.Invalid("metric", "must be given");
        TenantScope scope = await ScopeAsync(request.Object, context);
        using IDisposable share = await context.ShareAsync(scope);
        return Answer("range", query =>
        {
            TimeRange range = ModelMessages.Range(request, query.View.NowMs, query.View.Options);
            MetricRange? found = query.View.Range(scope, path, request.Metric, ModelMessages.Labels(request.Labels), range, query.Budget, context.CancellationToken);
            if (found is null)
                return null;
            var response = new GetRangeResponse { Unit = found.Unit, LatestTimestampMs = found.Points.Count == 0 ? 0 : found.Points[^1].TimestampMs };
            response.Points.AddRange(found.Points.Select(point => new Point { TimestampMs = point.TimestampMs, Value = point.Value }));
            return response;
        });
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context)
    {
        ObjectPath path = ModelMessages.Path(request.Object);
        IReadOnlyList<string> metrics = ModelMessages.WatchedMetrics(request);
        string caller = Caller.Of(context.GetHttpContext()).Identity.Username;
        await using ScopeLease lease = await context.LeaseAsync(request.Object?.Tenant ?? "", request.Object?.Namespace ?? "", live: true);
        using IDisposable slot = slots.TryTake(caller) ?? throw new RpcException(new Status(StatusCode.ResourceExhausted, "too many watches are open"));
        queries.CountWatches(1);
        try
        {
            await new MetricWatch(queries, time).RunAsync(path, metrics, ModelMessages.Labels(request.Labels), () => lease.Scope,
                responseStream.WriteAsync, lease.Revoked, context.CancellationToken);
        }
        finally
        {
            queries.CountWatches(-1);
        }
    }

    private IReadOnlyList<string>? Names(ListKind kind, TenantScope scope, ObjectPath path, CancellationToken cancellationToken) => (kind, path) switch
    {
        (ListKind.Namespaces, { Namespace: null, Node: null }) => objects.Namespaces(scope, cancellationToken),
        (ListKind.Nodes, { Namespace: null, Node: null }) => objects.Nodes(scope, cancellationToken),
        (ListKind.Tenants, { Namespace: null, Node: null }) => objects.Tenants(scope),
        (ListKind.Pods, { Namespace: { } @namespace, Pod: null }) => objects.Pods(scope, @namespace, cancellationToken),
        (ListKind.Containers, { Namespace: { } @namespace, Pod: { } pod, Container: null }) => objects.Containers(scope, @namespace, pod, cancellationToken),
        (ListKind.Containers, { Node: { } node, Container: null }) => objects.SystemContainers(scope, node, cancellationToken),
        (ListKind.Unspecified, _) => throw ModelMessages.Invalid("kind", "must be given"),
        _ => throw ModelMessages.Invalid("kind", "the object has nothing of this kind"),
    };

    private static Task<TenantScope> ScopeAsync(ModelObject? named, ServerCallContext context) =>
        context.ScopeAsync(named?.Tenant ?? "", named?.Namespace ?? "", live: true);

    private TResponse Answer<TResponse>(string kind, Func<ModelQuery, TResponse?> compute) where TResponse : class
    {
        using ModelQuery query = queries.Begin("grpc", kind);
        try
        {
            TResponse? response = compute(query);
            query.Outcome = response is null ? "not_found" : "ok";
            return response ?? throw ModelMessages.NotFound();
        }
        catch (ModelRequestException exception)
        {
            query.Outcome = exception.IsLimit ? "limit" : "bad_request";
            throw ModelMessages.StatusOf(exception);
        }
    }
}
