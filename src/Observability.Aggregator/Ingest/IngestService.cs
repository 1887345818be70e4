using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observability.Access;
using Observability.Aggregator.Access;
using Observability.Aggregator.Maintenance;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.Ingest;

/// <summary>Where collectors push: checks who may deliver which node's samples, and turns the end of a stream into a status.</summary>
internal sealed partial class IngestService(
    Authenticator authenticator, Authorizer authorizer, TenantDirectory directory, MetricStore store, NodeStreams nodes, IngestMetrics metrics,
    StoreState storeState, RefusalLog refusalLog, AggregatorIdentity identity, AggregatorOptions options, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<IngestService> logger)
    : Protocol.V1.IngestService.IngestServiceBase
{
    private const int MaxNameLength = 253;
    private const int MaxIdLength = 128;
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(10);

    public override async Task Push(
        IAsyncStreamReader<CollectorMessage> requestStream, IServerStreamWriter<AggregatorMessage> responseStream, ServerCallContext context)
    {
        Caller caller = Caller.Of(context.GetHttpContext());
        Hello hello = await ReadHelloAsync(requestStream, context.CancellationToken);
        await AdmitAsync(caller, hello, context.CancellationToken);

        StreamSeat seat = nodes.Enter(hello.Node, hello.CollectorId);
        metrics.StreamOpened();
        LogOpened(hello.Node, hello.Version);
        using var stream = new IngestStream(seat, options, store, directory, metrics, refusalLog, time);
        string reason = "closed";
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, seat.Replaced, lifetime.ApplicationStopping);
            await seat.WaitForPredecessorAsync(end.Token);
            await stream.RunAsync(Welcome(seat), requestStream, responseStream, token => WatchRightAsync(caller, hello.Node, token), end.Token);
        }
        catch (Exception exception)
        {
            (reason, RpcException status) = Explain(exception, seat, context);
            LogEnded(hello.Node, reason, status.Status.Detail);
            throw status;
        }
        finally
        {
            seat.Leave(stream.Series);
            metrics.StreamClosed(reason);
        }
    }

    private async Task<Hello> ReadHelloAsync(IAsyncStreamReader<CollectorMessage> messages, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(HelloTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, lifetime.ApplicationStopping);
        try
        {
            if (!await messages.MoveNext(end.Token) || messages.Current.Hello is not { } hello)
                throw Refuse("no_hello", StatusCode.InvalidArgument, "The first message must be Hello.");
            if (hello.Node.Length is 0 or > MaxNameLength || hello.CollectorId.Length is 0 or > MaxIdLength)
                throw Refuse("bad_hello", StatusCode.InvalidArgument, "Hello must name the node and the collector.");
            if (hello.Protocol != 1)
                throw Refuse("bad_hello", StatusCode.FailedPrecondition, "This aggregator speaks protocol 1.");
            if (hello.Cluster.Length > 0 && !string.Equals(hello.Cluster, options.Cluster, StringComparison.Ordinal))
                throw Refuse("other_cluster", StatusCode.FailedPrecondition, "This aggregator serves another cluster.");
            return hello;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw Refuse("no_hello", StatusCode.DeadlineExceeded, "Hello did not come.");
        }
    }

    private async Task AdmitAsync(Caller caller, Hello hello, CancellationToken cancellationToken)
    {
        CollectResult result = await authorizer.MayCollectAsync(caller.Identity, hello.Node, cancellationToken);
        if (result.Outcome == AccessOutcome.Unavailable)
            throw Refuse("unavailable", StatusCode.Unavailable, ScopedCalls.UnavailableText);
        if (!result.IsGranted)
        {
            LogDenied(caller.Identity.Username, hello.Node);
            throw Refuse("denied", StatusCode.PermissionDenied, "This token may not deliver for that node.");
        }
        // Before the collector defines all its series for nothing.
        if (storeState.Refusal is { } refusal)
            throw Refuse("store_" + Word(refusal.Refusal), StatusCode.Unavailable, refusal.Message);
        // Only now: whether a node exists is told to nobody who may not deliver for it.
        DirectorySnapshot snapshot = directory.Current;
        if (!snapshot.Complete)
            throw Refuse("not_ready", StatusCode.Unavailable, "The tenant directory is not complete yet.");
        if (!Knows(snapshot, hello.Node))
            throw Refuse("unknown_node", StatusCode.Unavailable, "The cluster has no such node, as far as is known.");
    }

    public static bool Knows(DirectorySnapshot snapshot, string node) =>
        snapshot.Nodes.Any(known => string.Equals(known.Name, node, StringComparison.Ordinal));

    private Welcome Welcome(StreamSeat seat) => new()
    {
        AggregatorId = identity.Id,
        Version = ProductVersion.Text,
        AcknowledgedSequence = seat.Acknowledged,
        Limits = new Limits
        {
            MaxMessageBytes = (uint)options.Ingest.MaxMessageBytes,
            MaxSeries = (uint)options.Ingest.MaxSeriesPerNode,
            MaxSamplesPerBatch = (uint)options.Ingest.MaxSamplesPerBatch,
            MaxLabelValueBytes = (uint)options.Ingest.MaxLabelValueBytes,
            MaxLabels = (uint)options.Ingest.MaxLabels,
        },
    };

    private async Task WatchRightAsync(Caller caller, string node, CancellationToken cancellationToken)
    {
        long confirmed = time.GetTimestamp();
        using var timer = new PeriodicTimer(options.Ingest.RecheckInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            AuthenticationResult authentication = await authenticator.AuthenticateAsync(caller.Token, caller.Audience, cancellationToken);
            if (authentication.Outcome == AuthenticationOutcome.Rejected)
                throw new RpcException(new Status(StatusCode.Unauthenticated, "The token is no longer valid."));
            if (authentication.IsAuthenticated)
            {
                CollectResult result = await authorizer.MayCollectAsync(authentication.Identity, node, cancellationToken);
                if (result.Outcome == AccessOutcome.Denied)
                    throw new RpcException(new Status(StatusCode.PermissionDenied, "This token may not deliver for that node."));
                if (result.IsGranted)
                {
                    confirmed = time.GetTimestamp();
                    continue;
                }
            }
            if (time.GetElapsedTime(confirmed) > options.Ingest.ReviewGrace)
                throw new RpcException(new Status(StatusCode.Unavailable, ScopedCalls.UnavailableText));
        }
    }

    private RpcException Refuse(string reason, StatusCode status, string detail)
    {
        metrics.StreamRefused(reason);
        return new RpcException(new Status(status, detail));
    }

    private (string Reason, RpcException Status) Explain(Exception exception, StreamSeat seat, ServerCallContext context)
    {
        switch (exception)
        {
            case StreamViolationException:
                return ("violation", new RpcException(new Status(StatusCode.InvalidArgument, exception.Message)));
            case BatchFormatException:
                return ("malformed", new RpcException(new Status(StatusCode.InvalidArgument, exception.Message)));
            case RpcException { StatusCode: StatusCode.ResourceExhausted } rpc:
                return ("too_large", rpc);
            case RpcException { StatusCode: StatusCode.Unauthenticated or StatusCode.PermissionDenied } rpc:
                return ("revoked", rpc);
            case RpcException rpc:
                return ("other", rpc);
            case OperationCanceledException when seat.Replaced.IsCancellationRequested:
                return ("replaced", new RpcException(new Status(StatusCode.Aborted, "A newer stream of this node has taken over.")));
            case OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested:
                return ("shutdown", new RpcException(new Status(StatusCode.Unavailable, "The aggregator is shutting down.")));
            case OperationCanceledException or IOException when context.CancellationToken.IsCancellationRequested:
                return ("disconnected", new RpcException(Status.DefaultCancelled));
            case JournalUnavailableException unavailable:
                LogNotStored(seat.Node, unavailable.Message);
                return ("store_" + Word(unavailable.Refusal), new RpcException(new Status(StatusCode.Unavailable, unavailable.Message)));
            case IOException or InvalidOperationException when context.CancellationToken.IsCancellationRequested:
                return ("disconnected", new RpcException(Status.DefaultCancelled));
            default:
                LogFailed(exception, seat.Node);
                return ("failed", new RpcException(new Status(StatusCode.Unavailable, "The samples cannot be stored now.")));
        }
    }

    private static string Word(JournalRefusal refusal) => refusal switch
    {
        JournalRefusal.DiskFull => "disk_full",
        JournalRefusal.Replaying => "replaying",
        JournalRefusal.Closed => "closed",
        JournalRefusal.TenantDeleted => "tenant_deleted",
        _ => "write_failed",
    };

    [LoggerMessage(EventId = 4110, Level = LogLevel.Information, Message = "The collector of node {Node} is connected, version {Version}")]
    private partial void LogOpened(string node, string version);

    [LoggerMessage(EventId = 4111, Level = LogLevel.Information, Message = "The stream of node {Node} ended: {Reason}. {Detail}")]
    private partial void LogEnded(string node, string reason, string detail);

    [LoggerMessage(EventId = 4112, Level = LogLevel.Warning, Message = "{Username} wanted to deliver for node {Node} and may not")]
    private partial void LogDenied(string username, string node);

    [LoggerMessage(EventId = 4114, Level = LogLevel.Warning, Message = "Samples of node {Node} were not taken, it keeps them: {Reason}")]
    private partial void LogNotStored(string node, string reason);

    [LoggerMessage(EventId = 4113, Level = LogLevel.Error, Message = "The stream of node {Node} failed")]
    private partial void LogFailed(Exception exception, string node);
}
