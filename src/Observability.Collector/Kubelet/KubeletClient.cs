using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Observability.Collector.Settings;

namespace Observability.Collector.Kubelet;

/// <summary>Reads one kubelet's endpoints: certificate verified, token sent to it alone, redirects refused, compressed answers unpacked as they come.</summary>
internal sealed class KubeletClient : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private readonly string? _tokenFile;

    internal KubeletClient(Uri address, CollectorOptions options)
    {
        _address = address;
        _tokenFile = options.KubeletTokenFile;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = options.KubeletGzip ? DecompressionMethods.GZip : DecompressionMethods.None,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 32,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = options.ScrapeInterval * 2,
            ConnectTimeout = options.ScrapeTimeout,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
            SslOptions = ServerTrust.Options(options.KubeletCaFile, options.KubeletInsecureTls),
        });
    }

    /// <summary>Asks for an endpoint; the answer's body is still to be read.</summary>
    /// <exception cref="ScrapeException">There is no good answer.</exception>
    internal async Task<HttpResponseMessage> GetAsync(string path, string accept, CancellationToken cancellationToken)
    {
        string? token = TokenFile.Read(_tokenFile);
        HttpResponseMessage response = await SendAsync(path, accept, token, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized && TokenFile.Read(_tokenFile) is { } fresh)
        {
            // It may have rotated between the reading and the sending.
            response.Dispose();
            response = await SendAsync(path, accept, fresh, cancellationToken);
        }
        if (response.StatusCode == HttpStatusCode.OK)
            return response;
        int status = (int)response.StatusCode;
        response.Dispose();
        throw new ScrapeException(
            status switch { 401 => ScrapeFault.Unauthorized, 403 => ScrapeFault.Forbidden, _ => ScrapeFault.BadStatus },
            $"The kubelet answered {status}.");
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new ReadAheadStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string accept, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_address, path));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            ScrapeFault fault = exception.InnerException is AuthenticationException ? ScrapeFault.BadCertificate : ScrapeFault.Unreachable;
            throw new ScrapeException(fault, exception.InnerException?.Message ?? exception.Message, exception);
        }
    }
}
