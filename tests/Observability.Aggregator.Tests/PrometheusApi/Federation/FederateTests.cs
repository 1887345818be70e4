using Observability.Model;

namespace Observability.Aggregator.Tests.PrometheusApi.Federation;

public class FederateTests
{
    private ApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await ApiServer.StartAsync(new QuerySettings { MaxFederated = 5 });
        await _server.WriteAsync("acme", LabelSet.Of(("__name__", "up"), ("instance", "n1"), ("pod", "a\\b\"c\n")), (-60, 0), (-30, 1));
        await _server.WriteAsync("acme", LabelSet.Of(("__name__", "a_total"), ("pod", "x")), (-1.5, 1234567));
        await _server.WriteAsync("acme", LabelSet.Of(("__name__", "a_total"), ("pod", "ended")), (-20, 1), (-10, StaleMarker.Value));
        await _server.WriteAsync("acme", LabelSet.Of(("__name__", "a_total"), ("pod", "old")), (-301, 1));
        await _server.WriteAsync("acme", LabelSet.Of(("__name__", "dotted.name"), ("a.b", "c")), (-5, double.NaN));
        await _server.WriteAsync("globex", LabelSet.Of(("__name__", "up"), ("pod", "canary-v")), (-30, 42));
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task Each_live_series_stands_once_with_its_newest_sample_and_that_samples_time()
    {
        Answer answer = await _server.GetAsync("/federate?match[]={__name__!=\"\"}&match[]=up");

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Headers, Does.Contain("Content-Type: text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(answer.Text, Is.EqualTo(string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""
            # TYPE a_total untyped
            a_total{pod="x",instance=""} 1.234567e+06 {{_server.NowMs - 1500}}
            # TYPE "dotted.name" untyped
            {"dotted.name","a.b"="c",instance=""} NaN {{_server.NowMs - 5000}}
            # TYPE up gauge
            up{instance="n1",pod="a\\b\"c\n"} 1 {{_server.NowMs - 30000}}

            """)));
    }

    [TestCase("/federate", 400)]
    [TestCase("/federate?match[]=up&limit=1", 400)]
    [TestCase("/federate?match[]={", 400)]
    [TestCase("/federate?match[]={pod=~\".*\"}", 400)]
    public async Task A_wrong_request_is_told(string target, int status) => Assert.That((await _server.GetAsync(target)).Status, Is.EqualTo(status));

    [Test]
    public async Task More_series_than_allowed_are_none()
    {
        for (int i = 0; i < 6; i++)
            await _server.WriteAsync("acme", ApiServer.PodSeries("many", "acme", $"p{i}"), (-10, i));

        Answer answer = await _server.GetAsync("/federate?match[]=many");

        Assert.That(answer.Status, Is.EqualTo(422));
        Assert.That(answer.Text, Does.Contain("selects more than 5 series"));
    }
}
