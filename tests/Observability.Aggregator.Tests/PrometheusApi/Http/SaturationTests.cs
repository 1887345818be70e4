using System.Net.Sockets;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Access;
using Observability.Model;

namespace Observability.Aggregator.Tests.PrometheusApi.Http;

/// <summary>What one tenant does costs that tenant alone.</summary>
[CancelAfter(120_000)]
public class SaturationTests
{
    // Thousands of steps over all series, again and again: seconds of work.
    private static readonly string Heavy = string.Join(" + ", Enumerable.Range(1, 20).Select(i =>
        $"sum_over_time(sum(quantile_over_time(0.{i:00}, many[50m]) + stddev_over_time(many[50m]))[50m:1s])"));

    [TestCase("GET", "/api/v1/query?query=1")]
    [TestCase("GET", "/tenants/acme/api/v1/labels")]
    [TestCase("GET", "/federate?match[]=up")]
    [TestCase("POST", "/api/v1/query_range?query=1&start=1&end=2&step=1")]
    public async Task A_tenant_over_its_share_is_told_to_come_back_by_every_endpoint(string method, string target, CancellationToken cancellationToken)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        var shares = server.Aggregator.AggregatorHost.Services.GetRequiredService<QueryShares>();
        var scope = new TenantScope([TenantGrant.Whole(server.Uid("acme"), Rights.Metrics)]);
        var taken = new List<Task<RateLimitLease>>();
        for (int i = 0; i < QueryShares.AtOnce + QueryShares.Waiting; i++)
            taken.Add(shares.TakeAsync(scope, cancellationToken).AsTask());

        Answer refused = await server.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(target, UriKind.Relative)));
        Answer other = await server.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(target.Replace("acme", "globex", StringComparison.Ordinal), UriKind.Relative)), "globex");

        Assert.That(refused.Status, Is.EqualTo(429));
        Assert.That(refused.Headers, Does.Contain("Retry-After: 1"));
        Assert.That(other.Status, Is.EqualTo(200));
        foreach (Task<RateLimitLease> lease in taken)
            (await lease).Dispose();
    }

    [Test]
    public async Task Callers_that_go_away_take_their_queries_with_them(CancellationToken cancellationToken)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        for (int i = 0; i < 50; i++)
            await server.WriteAsync("acme", ApiServer.PodSeries("many", "acme", $"p{i}"), [.. Enumerable.Range(0, 200).Select(s => (-3000.0 + 15 * s, (double)s))]);
        Uri address = server.Aggregator.AggregatorHost.Endpoints.Query;
        byte[] request = Encoding.ASCII.GetBytes(
            $"GET /api/v1/query?query={Uri.EscapeDataString(Heavy)} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer q.acme\r\n\r\n");

        for (int i = 0; i < 1000; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            await socket.SendAsync(request, cancellationToken);
        }

        // Those that are still under way hold shares, so that this is answered once they have ended.
        Answer answer;
        do
            answer = await server.GetAsync("/api/v1/query?query=1");
        while (answer.Status == 429);
        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That((await server.GetAsync("/api/v1/query?query=1", "globex")).Status, Is.EqualTo(200));
        // Nothing is left behind: as many may be answered and wait as at the beginning.
        var shares = server.Aggregator.AggregatorHost.Services.GetRequiredService<QueryShares>();
        var scope = new TenantScope([TenantGrant.Whole(server.Uid("acme"), Rights.Metrics)]);
        for (int i = 0; i < QueryShares.AtOnce; i++)
            Assert.That((await shares.TakeAsync(scope, cancellationToken)).IsAcquired, Is.True);
    }

    [Test]
    public async Task A_query_that_takes_too_long_ends_and_says_so()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        for (int i = 0; i < 50; i++)
            await server.WriteAsync("acme", ApiServer.PodSeries("many", "acme", $"p{i}"), [.. Enumerable.Range(0, 200).Select(s => (-3000.0 + 15 * s, (double)s))]);

        Task<Answer> asked = server.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(Heavy)}&timeout=1s");
        while (!asked.IsCompleted)
        {
            server.Aggregator.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.WhenAny(asked, server.GetAsync("/api/v1/query?query=1", "globex")); // others are answered meanwhile
        }

        Assert.That((await asked).Status, Is.EqualTo(503));
        Assert.That((await asked).Text, Does.Contain("\"errorType\":\"timeout\""));
    }
}
