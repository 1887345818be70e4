using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Observability.Protocol.V1;

namespace Observability.Collector.Tests.Support;

/// <summary>An aggregator that greets, records what it is told, and acknowledges when it is asked to.</summary>
internal sealed class StubAggregator : IngestService.IngestServiceBase, IAsyncDisposable
{
    private readonly WebApplication _server;
    private CancellationTokenSource _streams = new();

    private StubAggregator(WebApplication server) => _server = server;

    internal Channel<CollectorMessage> Received { get; } = Channel.CreateUnbounded<CollectorMessage>();

    internal List<string> Tokens { get; } = [];

    internal DirectoryUpdate Directory { get; } = new() { Full = true, Version = 1 };

    internal Limits Limits { get; } = new();

    internal bool Acknowledges { get; set; } = true;

    internal Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    internal static async Task<StubAggregator> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        StubAggregator? stub = null;
        builder.Services.AddSingleton(_ => stub!);
        WebApplication server = builder.Build();
        stub = new StubAggregator(server);
        server.MapGrpcService<StubAggregator>();
        await server.StartAsync();
        return stub;
    }

    /// <summary>Breaks every stream, as a restart does.</summary>
    internal void Break() => Interlocked.Exchange(ref _streams, new CancellationTokenSource()).Cancel();

    /// <summary>The next message of a kind.</summary>
    internal async Task<CollectorMessage> NextAsync(CollectorMessage.MessageOneofCase kind, CancellationToken cancellationToken)
    {
        while (true)
            if (await Received.Reader.ReadAsync(cancellationToken) is var message && message.MessageCase == kind)
                return message;
    }

    public override async Task Push(
        IAsyncStreamReader<CollectorMessage> requestStream, IServerStreamWriter<AggregatorMessage> responseStream, ServerCallContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, _streams.Token);
        Tokens.Add(context.RequestHeaders.GetValue("authorization") ?? "");
        try
        {
            while (await requestStream.MoveNext(end.Token))
            {
                CollectorMessage message = requestStream.Current;
                if (message.MessageCase == CollectorMessage.MessageOneofCase.Hello)
                {
                    await responseStream.WriteAsync(new AggregatorMessage { Welcome = new Welcome { AggregatorId = "a", Limits = Limits } }, end.Token);
                    await responseStream.WriteAsync(new AggregatorMessage { Directory = Directory }, end.Token);
                }
                if (message.MessageCase == CollectorMessage.MessageOneofCase.Batch && Acknowledges)
                    await responseStream.WriteAsync(new AggregatorMessage { Ack = new Ack { Sequence = message.Batch.Sequence } }, end.Token);
                await Received.Writer.WriteAsync(message, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "restarting"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Break();
        await _server.DisposeAsync();
        _streams.Dispose();
    }
}

/// <summary>A kubelet whose answers a test writes.</summary>
internal sealed class StubKubelet : IAsyncDisposable
{
    private readonly WebApplication _server;

    private StubKubelet(WebApplication server) => _server = server;

    internal Dictionary<string, string> Pages { get; } = new(StringComparer.Ordinal)
    {
        ["/metrics/cadvisor"] = "", ["/metrics/resource"] = "", ["/stats/summary"] = "{}",
    };

    /// <summary>The authorization header of each request, in order.</summary>
    internal System.Collections.Concurrent.ConcurrentQueue<string> Authorizations { get; } = [];

    /// <summary>Called with each request before it is answered; may set the status.</summary>
    internal Action<HttpContext>? Answering { get; set; }

    internal Dictionary<string, int> Statuses { get; } = new(StringComparer.Ordinal);

    internal Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="certificate">Serves TLS with it; null: plain http.</param>
    internal static async Task<StubKubelet> StartAsync(X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        WebApplication server = builder.Build();
        var stub = new StubKubelet(server);
        server.Run(async context =>
        {
            string path = context.Request.Path.Value ?? "";
            context.Response.StatusCode = stub.Statuses.GetValueOrDefault(path, 200);
            context.Response.ContentType = path.StartsWith("/stats", StringComparison.Ordinal) ? "application/json" : "text/plain; version=0.0.4";
            context.Response.Headers.Location = "http://127.0.0.1:1/";
            stub.Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
            stub.Answering?.Invoke(context);
            await context.Response.WriteAsync(stub.Pages.GetValueOrDefault(path, ""));
        });
        await server.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
