using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Observability.Benchmarks.Pipeline;

/// <summary>Kubelets that cost little: one HTTPS listener per template, each answering <c>/metrics/cadvisor</c> from it and nothing else.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly X509Certificate2 _certificate;
    private long _pages;
    private long _bytes;

    private PageServer(WebApplication application, X509Certificate2 certificate)
    {
        _application = application;
        _certificate = certificate;
    }

    /// <summary>In the order of the templates.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>The certificate, which is its own authority.</summary>
    public string CaPem => _certificate.ExportCertificatePem();

    /// <summary>Pages served, and their bytes.</summary>
    public (long Pages, long Bytes) Served => (Interlocked.Read(ref _pages), Interlocked.Read(ref _bytes));

    public static async Task<PageServer> StartAsync(IReadOnlyList<PageTemplate> templates, TimeProvider time)
    {
        X509Certificate2 certificate = Issue();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        List<ListenOptions> listening = [];
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            foreach (PageTemplate _ in templates)
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen =>
                {
                    listen.UseHttps(certificate);
                    listening.Add(listen);
                });
            }
        });
        WebApplication application = builder.Build();
        var server = new PageServer(application, certificate);
        Dictionary<int, PageTemplate> byPort = [];
        application.Run(context => server.AnswerAsync(context, byPort, time));
        await application.StartAsync();
        for (int i = 0; i < templates.Count; i++)
            byPort[listening[i].IPEndPoint!.Port] = templates[i]; // listening on TCP
        server.Addresses = [.. listening.Select(listen => new Uri($"https://127.0.0.1:{listen.IPEndPoint!.Port}/"))];
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using (CancellationTokenSource immediately = new(TimeSpan.Zero))
            await _application.StopAsync(immediately.Token);
        await _application.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, Dictionary<int, PageTemplate> byPort, TimeProvider time)
    {
        if (context.Request.Path != "/metrics/cadvisor")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        var page = new System.Buffers.ArrayBufferWriter<byte>(8 << 20);
        byPort[context.Connection.LocalPort].Write(page, time.GetUtcNow().ToUnixTimeMilliseconds());
        Interlocked.Increment(ref _pages);
        Interlocked.Add(ref _bytes, page.WrittenCount);
        if (!context.Request.Headers.AcceptEncoding.Contains("gzip"))
        {
            await context.Response.Body.WriteAsync(page.WrittenMemory, context.RequestAborted);
            return;
        }
        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Optimal);
        await gzip.WriteAsync(page.WrittenMemory, context.RequestAborted);
    }

    private static X509Certificate2 Issue()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubelets of a benchmark", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
