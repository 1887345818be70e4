using Grpc.Core;
using Observability.Aggregator.ModelApi.Telemetry;
using Observability.Model;
using Observability.Protocol.V1;

namespace Observability.Aggregator.ModelApi.Grpc;

/// <summary>
/// Sends an object's points as they come: first the newest there is of each metric, then every newer one, each once and in order. It
/// computes the next points only when the last ones were taken, so a slow reader holds up nothing but itself, and a reader that takes
/// nothing is let go.
/// </summary>
internal sealed class MetricWatch(ModelQueries queries, TimeProvider time)
{
    /// <param name="path">The object.</param>
    /// <param name="metrics">Names, each once.</param>
    /// <param name="labels">As in a range.</param>
    /// <param name="scope">What may be read now; asked before every read.</param>
    /// <param name="send">Ends when the point was taken.</param>
    /// <param name="revoked">Cancelled when nothing may be read any more.</param>
    /// <param name="cancellationToken">Cancelled when the caller is gone.</param>
    /// <exception cref="RpcException">
    /// NOT_FOUND: at its start, no such object or metric. PERMISSION_DENIED: the right is gone. RESOURCE_EXHAUSTED: nobody reads.
    /// </exception>
    internal async Task RunAsync(ObjectPath path, IReadOnlyList<string> metrics, IReadOnlyDictionary<string, string>? labels, Func<TenantScope> scope,
        Func<WatchResponse, CancellationToken, Task> send, CancellationToken revoked, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(revoked, cancellationToken);
        ModelOptions options = queries.View.Options;
        using var timer = new PeriodicTimer(options.WatchInterval, time);
        var lastMs = new long?[metrics.Count];
        bool isFirst = true;
        try
        {
            do
            {
                for (int i = 0; i < metrics.Count; i++)
                {
                    if (Next(path, metrics[i], labels, scope(), lastMs[i], isFirst, either.Token) is not { } next)
                        continue;
                    foreach ((long timestampMs, double value) in next.Points)
                    {
                        var response = new WatchResponse { Metric = metrics[i], Unit = next.Unit, Point = new Point { TimestampMs = timestampMs, Value = value } };
                        await SendAsync(response, send, options.WatchSendTimeout, either.Token);
                        lastMs[i] = timestampMs;
                    }
                }
                isFirst = false;
            }
            while (await timer.WaitForNextTickAsync(either.Token));
        }
        catch (OperationCanceledException) when (revoked.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, "the right to read this is gone"));
        }
    }

    private MetricRange? Next(ObjectPath path, string metric, IReadOnlyDictionary<string, string>? labels, TenantScope scope, long? lastMs, bool isFirst,
        CancellationToken cancellationToken)
    {
        using ModelQuery query = queries.Begin("grpc", "watch");
        long nowMs = query.View.NowMs;
        long reachMs = (long)query.View.Options.WatchReach.TotalMilliseconds;
        var range = new TimeRange(Math.Max(Math.Max(0, nowMs - reachMs), (lastMs ?? -1) + 1), nowMs);
        MetricRange? found;
        try
        {
            found = query.View.Range(scope, path, metric, labels, range, query.Budget, cancellationToken);
        }
        catch (ModelRequestException exception)
        {
            query.Outcome = exception.IsLimit ? "limit" : "bad_request";
            throw ModelMessages.StatusOf(exception);
        }
        query.Outcome = found is null ? "not_found" : "ok";
        if (found is null && isFirst)
            throw ModelMessages.NotFound(); // later it may only be away for a moment
        return found is { Points: [.., var newest] } && lastMs is null ? found with { Points = [newest] } : found;
    }

    private async Task SendAsync(WatchResponse response, Func<WatchResponse, CancellationToken, Task> send, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await send(response, either.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException && timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "the watch is read too slowly"));
        }
    }
}
