using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using KestrelListenOptions = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace Observability.Aggregator.Listening;

/// <summary>The four listeners and the server's limits.</summary>
internal static class ListeningExtensions
{
    public static void UseListeners(this IWebHostBuilder host, AggregatorOptions options, BoundListeners bound)
    {
        host.UseKestrelCore().UseKestrelHttpsConfiguration();
        host.ConfigureKestrel((_, kestrel) =>
        {
            SetLimits(kestrel);
            ServerCertificate? certificate = options.Tls.IsSet
                ? ActivatorUtilities.CreateInstance<ServerCertificate>(kestrel.ApplicationServices, options.Tls)
                : null;

            // TLS negotiates the protocol, so there one listener serves HTTP and gRPC; without it each needs its own.
            bound.Query = Listen(options.Listen.Query, certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2,
                certificate is null ? Listeners.Query : Listeners.Query | Listeners.Grpc);
            bound.Grpc = Listen(options.Listen.Grpc, HttpProtocols.Http2, Listeners.Grpc);
            bound.Admin = Listen(options.Listen.Admin, HttpProtocols.Http1, Listeners.Admin);
            bound.Ingest = Listen(options.Listen.Ingest, HttpProtocols.Http2, Listeners.Ingest);

            KestrelListenOptions Listen(string address, HttpProtocols protocols, Listeners serves)
            {
                KestrelListenOptions? result = null;
                var feature = new ListenerFeature(serves);
                var limit = new ConnectionLimit(options.Listen.MaxConnections);
                kestrel.Listen(IPEndPoint.Parse(address), listen =>
                {
                    listen.Protocols = protocols;
                    listen.Use(limit.Wrap);
                    listen.Use(next => connection =>
                    {
                        connection.Features.Set(feature);
                        return next(connection);
                    });
                    if (certificate is not null)
                        listen.UseHttps(Tls(certificate));
                    result = listen;
                });
                return result!; // Listen calls its delegate at once
            }
        });
    }

    private static TlsHandshakeCallbackOptions Tls(ServerCertificate certificate) => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Current(),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        }),
    };

    private static void SetLimits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024; // queries have no body; gRPC has its own message limits
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        kestrel.Limits.MaxResponseBufferSize = 64 * 1024;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 100;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = 16 * 1024;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 1024 * 1024;
        kestrel.Limits.Http2.InitialStreamWindowSize = 512 * 1024;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }
}
