using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Observability.Collector.Status;

/// <summary>
/// Serves the status page: GET of three paths, one request a connection, few connections, small and slow requests refused. A whole web
/// server would be most of the collector's memory.
/// </summary>
internal sealed partial class StatusServer(IPEndPoint address, StatusPage page, TimeProvider time, ILogger logger) : IDisposable
{
    private const int MaxConnections = 8;
    private const int MaxRequestBytes = 8 << 10;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = logger;
    private readonly TcpListener _listener = new(address);
    private readonly SemaphoreSlim _room = new(MaxConnections);

    /// <summary>Where it listens, once started.</summary>
    internal EndPoint Address => _listener.LocalEndpoint;

    internal void Start()
    {
        _listener.Start(MaxConnections);
        LogListening(Address);
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _room.WaitAsync(cancellationToken);
                Socket socket = await _listener.AcceptSocketAsync(cancellationToken);
                _ = ServeAsync(socket, cancellationToken); // ends by itself: it has a deadline, and throws nothing
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                _room.Release(); // the peer was gone before it was accepted
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _room.Dispose();
    }

    private async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        try
        {
            using (socket)
            using (var deadline = new CancellationTokenSource(Timeout, time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token))
            {
                byte[] request = new byte[MaxRequestBytes];
                int length = 0;
                while (length < request.Length && request.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
                {
                    int read = await socket.ReceiveAsync(request.AsMemory(length), either.Token);
                    if (read == 0)
                        return;
                    length += read;
                }
                byte[] answer = Answer(request.AsSpan(0, length));
                for (int sent = 0; sent < answer.Length;)
                    sent += await socket.SendAsync(answer.AsMemory(sent), either.Token);
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A peer that left, or was too slow, costs its connection alone.
        }
        finally
        {
            try
            {
                _room.Release();
            }
            catch (ObjectDisposedException)
            {
                // The server stopped meanwhile.
            }
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> request)
    {
        int end = request.IndexOf("\r\n"u8);
        string[] line = Encoding.ASCII.GetString(end < 0 ? request : request[..end]).Split(' ');
        (string status, string body) = line switch
        {
            _ when request.IndexOf("\r\n\r\n"u8) < 0 => ("431 Request Header Fields Too Large", ""),
            ["GET", "/metrics", _] => ("200 OK", page.Metrics()),
            ["GET", "/healthz", _] => page.Health() is (true, var text) ? ("200 OK", text) : ("503 Service Unavailable", page.Health().Text),
            ["GET", "/livez", _] => ("200 OK", "ok\n"),
            ["GET", _, _] => ("404 Not Found", ""),
            [_, _, _] => ("405 Method Not Allowed", ""),
            _ => ("400 Bad Request", ""),
        };
        byte[] content = Encoding.UTF8.GetBytes(body);
        byte[] head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n");
        return [.. head, .. content];
    }

    [LoggerMessage(EventId = 1030, Level = LogLevel.Information, Message = "Status page on {Address}")]
    private partial void LogListening(EndPoint address);
}
