using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Collector.Classification;
using Observability.Collector.Settings;
using Observability.Collector.Status;

namespace Observability.Collector.Tests.Status;

internal sealed class StatusServerTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(60));
    private readonly FakeTimeProvider _time = new(Now);
    private NodeCollector _node = null!;
    private StatusServer _server = null!;
    private Task _serving = Task.CompletedTask;

    [SetUp]
    public void Start()
    {
        var target = new NodeTarget("node-\"1\"", new Uri("https://10.0.0.1:10250"));
        var options = new CollectorOptions { Aggregator = new Uri("https://10.0.0.2"), Nodes = { target } };
        _node = new NodeCollector(target, options, _time, NullLoggerFactory.Instance);
        _server = new StatusServer(new IPEndPoint(IPAddress.Loopback, 0), new StatusPage([_node], options.ScrapeInterval, _time), _time, NullLogger.Instance);
        _server.Start();
        _serving = _server.RunAsync(_end.Token);
    }

    [TearDown]
    public async Task Stop()
    {
        await _end.CancelAsync();
        await _serving;
        _server.Dispose();
        _node.Dispose();
        _end.Dispose();
    }

    [Test]
    public async Task The_metrics_are_a_page_that_a_scraper_can_read()
    {
        _node.Statistics.Endpoints[(int)ScrapeEndpoint.Cadvisor].Good = 3;

        string answer = await AskAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.That(answer, Does.StartWith("HTTP/1.1 200 OK\r\n").And.Contain("Content-Type: text/plain; version=0.0.4"));
        Assert.That(answer, Does.Contain("# TYPE collector_scrapes_total counter\n"));
        Assert.That(answer, Does.Contain("""collector_scrapes_total{node="node-\"1\"",endpoint="/metrics/cadvisor",outcome="good"} 3""" + "\n"));
    }

    [Test]
    public async Task A_collector_is_healthy_while_scrapes_are_fresh_and_the_stream_is_up()
    {
        string before = await AskAsync("GET /healthz HTTP/1.1\r\n\r\n");
        _node.Statistics.Endpoints[(int)ScrapeEndpoint.Cadvisor].LastGoodMs = Now.ToUnixTimeMilliseconds();
        string scraped = await AskAsync("GET /healthz HTTP/1.1\r\n\r\n");
        _node.Statistics.Connected();
        string connected = await AskAsync("GET /healthz HTTP/1.1\r\n\r\n");
        _time.Advance(TimeSpan.FromSeconds(46));
        string stale = await AskAsync("GET /healthz HTTP/1.1\r\n\r\n");

        Assert.That(before, Does.StartWith("HTTP/1.1 503 ").And.Contain("last good scrape never"));
        Assert.That(scraped, Does.StartWith("HTTP/1.1 503 ").And.Contain("not connected"));
        Assert.That(connected, Does.StartWith("HTTP/1.1 200 ").And.EndsWith("waiting batches 0\n"));
        Assert.That(stale, Does.StartWith("HTTP/1.1 503 ").And.Contain("46.0 s ago"));
    }

    [TestCase("GET /livez HTTP/1.1\r\n\r\n", "200")] // a restart would lose the buffer: alive though not healthy
    [TestCase("GET / HTTP/1.1\r\n\r\n", "404")]
    [TestCase("GET /metrics/ HTTP/1.1\r\n\r\n", "404")]
    [TestCase("POST /metrics HTTP/1.1\r\n\r\n", "405")]
    [TestCase("HEAD /metrics HTTP/1.1\r\n\r\n", "405")]
    [TestCase("nonsense\r\n\r\n", "400")]
    public async Task Three_paths_are_served_and_only_to_GET(string request, string status) =>
        Assert.That(await AskAsync(request), Does.StartWith($"HTTP/1.1 {status} "));

    [Test]
    public async Task A_request_of_more_than_8_KiB_is_refused() =>
        Assert.That(await AskAsync("GET /metrics HTTP/1.1\r\nX: " + new string('a', 9000)), Does.StartWith("HTTP/1.1 431 "));

    [Test]
    public async Task A_peer_that_sends_half_a_request_is_cut_off_in_time()
    {
        using Socket slow = await ConnectAsync();
        await slow.SendAsync("GET /livez"u8.ToArray(), _end.Token);
        Task<int> cut = ReceiveAsync(slow);

        // The deadline is set when the connection is taken, which nothing tells: time goes on until it is over.
        while (!cut.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await AskAsync("GET /livez HTTP/1.1\r\n\r\n");
        }

        Assert.That(await cut, Is.Zero);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_server.Address, _end.Token);
        return socket;
    }

    // A connection closed with bytes unread may end in a reset.
    private async Task<int> ReceiveAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[16].AsMemory(), _end.Token);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }

    private async Task<string> AskAsync(string request)
    {
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), _end.Token);
        var answer = new List<byte>();
        byte[] chunk = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(chunk.AsMemory(), _end.Token) is var length and > 0)
                answer.AddRange(chunk.AsSpan(0, length));
        }
        catch (SocketException)
        {
            // Closed with bytes unread: what came before counts.
        }
        return Encoding.UTF8.GetString([.. answer]);
    }
}
