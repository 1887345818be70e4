using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Observability.EndToEnd.Tests.Captures;

/// <summary>A kubelet that says what the captured one said in the round that is set.</summary>
internal sealed class ReplayedKubelet : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly X509Certificate2 _certificate;

    private ReplayedKubelet(WebApplication application, X509Certificate2 certificate)
    {
        _application = application;
        _certificate = certificate;
    }

    public CapturedRound Round { get; set; } = null!; // set before anything is scraped

    public Uri Address => new(_application.Urls.Single());

    public static async Task<ReplayedKubelet> StartAsync(CancellationToken cancellationToken)
    {
        X509Certificate2 certificate = SelfSigned();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        WebApplication application = builder.Build();
        var kubelet = new ReplayedKubelet(application, certificate);
        application.Run(kubelet.AnswerAsync);
        await application.StartAsync(cancellationToken);
        return kubelet;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _certificate.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        (string type, byte[] page) = context.Request.Path.Value switch
        {
            "/metrics/cadvisor" => ("text/plain; version=0.0.4; charset=utf-8; escaping=underscores", Round.Cadvisor),
            "/metrics/resource" => ("text/plain; version=0.0.4; charset=utf-8; escaping=underscores", Round.Resource),
            "/stats/summary" => ("application/json", Round.Summary),
            _ => ("", []),
        };
        if (page.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(page, context.RequestAborted).AsTask();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=replayed-kubelet", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
