using System.Net.Sockets;
using System.Text;

namespace Observability.Aggregator.Tests.PrometheusApi.Http;

[CancelAfter(120_000)]
public class SlowReaderTests
{
    [Test]
    public async Task A_reader_that_takes_nothing_is_cut_off_and_its_share_is_given_back(CancellationToken cancellationToken)
    {
        await using ApiServer server = await ApiServer.StartAsync(new QuerySettings { SendTimeout = TimeSpan.FromSeconds(30) });
        string padding = new('x', 1000);
        for (int i = 0; i < 7000; i++)
            await server.WriteAsync("acme", ApiServer.PodSeries("many", "acme", $"p{i}", ("padding", padding)), (-10, i));
        Answer whole = await server.GetAsync("/api/v1/series?match[]=many");

        using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        Uri address = server.Aggregator.AggregatorHost.Endpoints.Query;
        await slow.ConnectAsync(address.Host, address.Port, cancellationToken);
        await slow.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /api/v1/series?match[]=many HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer q.acme\r\n\r\n"), cancellationToken);
        byte[] buffer = new byte[1024];
        Assert.That(await slow.ReceiveAsync(buffer, cancellationToken), Is.Positive);
        while (!(await server.Aggregator.MetricsAsync()).Contains("outcome=\"slow_reader\"", StringComparison.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            server.Aggregator.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(whole.Body, Has.Length.GreaterThan(7_000_000));
        Assert.That((await server.GetAsync("/api/v1/series?match[]=many")).Body.AsSpan().SequenceEqual(whole.Body), Is.True);
    }
}
