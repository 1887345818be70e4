using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Observability.Kubernetes.Tests.Cluster;

/// <summary>An API server that answers exactly what a test says, also what a real one never would.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ScriptedApi(WebApplication application) => _application = application;

    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Server { get; private set; } = null!;

    public static async Task<ScriptedApi> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        WebApplication application = builder.Build();
        var api = new ScriptedApi(application);
        application.Run(context =>
        {
            api.Requests.Enqueue($"{context.Request.Path}{context.Request.QueryString}");
            return answer(context);
        });
        await application.StartAsync();
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        api.Server = new Uri(address);
        return api;
    }

    public ClusterOptions Options() => new()
    {
        Server = Server,
        FirstRetry = TimeSpan.FromMilliseconds(10),
        LastRetry = TimeSpan.FromMilliseconds(100),
    };

    public async ValueTask DisposeAsync()
    {
        using (var immediately = new CancellationTokenSource(TimeSpan.Zero))
            await _application.StopAsync(immediately.Token);
        await _application.DisposeAsync();
    }
}
