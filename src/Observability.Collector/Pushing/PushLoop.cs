using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Observability.Collector.Kubelet;
using Observability.Collector.Settings;
using Observability.Collector.Status;
using Observability.Protocol.V1;

namespace Observability.Collector.Pushing;

/// <summary>Keeps one node's stream to the aggregator: connects, and connects again.</summary>
internal sealed partial class PushLoop(
    NodeTarget node, CollectorOptions options, NodeState state, NodeStatistics statistics, TimeProvider time, Random random, ILogger logger)
{
    private readonly ILogger _logger = logger;
    /// <summary>A stream that lived shorter counts as a failed try: two collectors of one node would else take it from each other without a rest.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    private readonly string _collectorId = Guid.NewGuid().ToString("N");

    /// <summary>Runs until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(random);
        while (!cancellationToken.IsCancellationRequested)
        {
            long started = time.GetTimestamp();
            try
            {
                using GrpcChannel channel = Connect();
                var stream = new PushStream(new IngestService.IngestServiceClient(channel), state.Buffer, state, time);
                Task running = stream.RunAsync(Hello(), TokenFile.Read(options.IngestTokenFile), cancellationToken);
                if (await Task.WhenAny(running, stream.Greeted) == stream.Greeted && statistics.Connected())
                    LogConnected(node.Name, options.Aggregator!); // checked when the options were
                await running;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception is RpcException or PushFailedException or IOException or HttpRequestException or SocketException
                or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                if (cancellationToken.IsCancellationRequested)
                    break;
                if (time.GetElapsedTime(started) >= Settled)
                    backoff.Reset();
                if (statistics.Disconnected())
                    LogDisconnected(node.Name, options.Aggregator!, exception is RpcException rpc ? rpc.Status.ToString() : exception.Message);
                await Task.Delay(backoff.Next(), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        statistics.Disconnected();
    }

    private Hello Hello() => new()
    {
        Node = node.Name,
        Cluster = options.Cluster,
        BootId = statistics.BootId,
        CollectorId = _collectorId,
        Version = CollectorVersion.Text,
        Protocol = 1,
    };

    private GrpcChannel Connect() => GrpcChannel.ForAddress(options.Aggregator!, new GrpcChannelOptions // checked when the options were
    {
        HttpHandler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ActivityHeadersPropagator = null,
            SslOptions = ServerTrust.Options(options.AggregatorCaFile),
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = 16 << 20,
        // Connecting again is this loop's business.
        MaxRetryAttempts = 0,
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
    });

    [LoggerMessage(EventId = 1020, Level = LogLevel.Information, Message = "Node {Node}: pushing to {Aggregator}")]
    private partial void LogConnected(string node, Uri aggregator);

    [LoggerMessage(EventId = 1021, Level = LogLevel.Warning, Message = "Node {Node}: no stream to {Aggregator}, trying again: {Reason}")]
    private partial void LogDisconnected(string node, Uri aggregator, string reason);
}
