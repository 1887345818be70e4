using Google.Protobuf.Collections;
using Grpc.Core;
using Observability.Aggregator.Access;
using Observability.Aggregator.ModelApi.Http;
using Observability.Model;
using Observability.Protocol.V1;

namespace Observability.Aggregator.ModelApi.Grpc;

/// <summary>Reads the messages of <c>ModelService</c>. What cannot be meant is INVALID_ARGUMENT and names its field.</summary>
internal static class ModelMessages
{
    internal const int MaxWatchedMetrics = 16;

    internal static ObjectPath Path(ModelObject? named)
    {
        named ??= new ModelObject();
        if (named.Node.Length > 0)
        {
            if (named.Namespace.Length > 0 || named.Pod.Length > 0)
                throw Invalid("object.node", "excludes namespace and pod");
            return named.Container.Length > 0 ? ObjectPath.OfSystemContainer(named.Node, named.Container) : ObjectPath.OfNode(named.Node);
        }
        if (named.Pod.Length > 0 && named.Namespace.Length == 0)
            throw Invalid("object.pod", "needs namespace");
        if (named.Container.Length > 0)
        {
            return named.Pod.Length > 0
                ? ObjectPath.OfContainer(named.Namespace, named.Pod, named.Container)
                : throw Invalid("object.container", "needs pod or node");
        }
        if (named.Pod.Length > 0)
            return ObjectPath.OfPod(named.Namespace, named.Pod);
        return named.Namespace.Length > 0 ? ObjectPath.OfNamespace(named.Namespace) : ObjectPath.Everything;
    }

    internal static TimeRange Range(GetRangeRequest request, long nowMs, ModelOptions options)
    {
        if (request.StartMs < 0)
            throw Invalid("start_ms", "must not be negative");
        if (request.EndMs < 0)
            throw Invalid("end_ms", "must not be negative");
        return ModelRequest.RangeOf(request.StartMs == 0 ? null : request.StartMs, request.EndMs == 0 ? null : request.EndMs, nowMs, options);
    }

    /// <summary>Null where none is given: all label sets, summed.</summary>
    internal static IReadOnlyDictionary<string, string>? Labels(MapField<string, string> labels) =>
        labels.Count == 0 ? null : new Dictionary<string, string>(labels, StringComparer.Ordinal);

    internal static IReadOnlyList<string> WatchedMetrics(WatchRequest request)
    {
        if (request.Metrics.Count is 0 or > MaxWatchedMetrics)
            throw Invalid("metrics", $"must hold 1 to {MaxWatchedMetrics} names");
        if (request.Metrics.Distinct(StringComparer.Ordinal).Count() != request.Metrics.Count)
            throw Invalid("metrics", "names one twice");
        return request.Metrics;
    }

    /// <inheritdoc cref="ScopedCalls.NotFound"/>
    internal static RpcException NotFound() => ScopedCalls.NotFound();

    internal static RpcException Invalid(string field, string reason) => new(new Status(StatusCode.InvalidArgument, $"{field}: {reason}"));

    /// <summary>The status of a request that cannot be answered as it stands.</summary>
    internal static RpcException StatusOf(ModelRequestException exception)
    {
        string field = exception.Parameter is "start" or "end" ? exception.Parameter + "_ms" : exception.Parameter;
        return new RpcException(new Status(exception.IsLimit ? StatusCode.ResourceExhausted : StatusCode.InvalidArgument, $"{field}: {exception.Reason}"));
    }
}
