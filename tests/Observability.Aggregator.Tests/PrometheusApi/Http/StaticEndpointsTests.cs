namespace Observability.Aggregator.Tests.PrometheusApi.Http;

/// <summary>What clients probe, answered for a tenant without any data.</summary>
public class StaticEndpointsTests
{
    private ApiServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await ApiServer.StartAsync();

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("/rules", """{"groups":[]}""")]
    [TestCase("/rules?type=alert&rule_name[]=a&rule_name[]=b&rule_group[]=c&file[]=d&exclude_alerts=true&group_limit=5&group_next_token=x", """{"groups":[]}""")]
    [TestCase("/alerts", """{"alerts":[]}""")]
    [TestCase("/metadata", "{}")]
    [TestCase("/format_query?query=sum(rate(up[5m]))by(pod)", """
        "sum by (pod) (rate(up[5m]))"
        """)]
    [TestCase("/query_exemplars?query=up", "[]")]
    [TestCase("/query_exemplars?query=up&start=1769860800000&end=1769860900000", "[]")] // milliseconds, as Grafana's probe has it
    public async Task There_is_an_answer_of_the_right_shape(string target, string data)
    {
        Answer answer = await _server.GetAsync("/tenants/acme/api/v1" + target);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(answer.Text, Is.EqualTo($$"""{"status":"success","data":{{data.Trim()}}}"""));
    }

    [Test]
    public async Task The_build_is_of_a_Prometheus_that_knows_what_is_answered_here_and_lists_no_features()
    {
        string text = (await _server.GetAsync("/api/v1/status/buildinfo")).Text;

        Assert.That(text, Does.StartWith("""{"status":"success","data":{"version":"3.14.0","revision":"""));
        Assert.That(text, Does.Not.Contain("features"));
    }

    [TestCase("/rules?type=x")]
    [TestCase("/rules?exclude_alerts=maybe")]
    [TestCase("/rules?match[]={")]
    [TestCase("/query_exemplars?query=up{")]
    [TestCase("/query_exemplars?query=up&start=2&end=1")]
    [TestCase("/query_exemplars")]
    [TestCase("/format_query?query=up%2B")]
    [TestCase("/alerts?x=y")]
    public async Task A_wrong_parameter_is_400(string target) =>
        Assert.That((await _server.GetAsync("/api/v1" + target)).Status, Is.EqualTo(400));

    [TestCase("/api/v1/targets")]
    [TestCase("/api/v1/status/config")]
    [TestCase("/api/v1/status/flags")]
    [TestCase("/api/v1/status/runtimeinfo")]
    [TestCase("/api/v1/notifications")]
    [TestCase("/debug/pprof/heap")]
    [TestCase("/metrics")]
    [TestCase("/api/v1/admin/tsdb/delete_series")]
    [TestCase("/-/reload")]
    [TestCase("/api/v1/query/anything")]
    [TestCase("/api/v1//query")]
    [TestCase("/api/v1/%71uery")]
    [TestCase("/tenants/globex/api/v1/labels")]
    [TestCase("/tenants/_system/api/v1/labels")]
    public async Task What_is_not_for_tenants_is_not_there(string path)
    {
        Uri listener = _server.Aggregator.AggregatorHost.Endpoints.Query; // spelt out: a client's library would clean the path
        var none = await _server.Aggregator.GetAsync(listener, "/no/such/route", "q.acme");
        foreach (string user in path.StartsWith("/tenants", StringComparison.Ordinal) ? (string[])["acme"] : ["acme", "operator"])
        {
            var answer = await _server.Aggregator.GetAsync(listener, path, "q." + user);

            Assert.That(answer.Status, Is.EqualTo(404));
            Assert.That(answer, Is.EqualTo(none));
        }
    }
}
