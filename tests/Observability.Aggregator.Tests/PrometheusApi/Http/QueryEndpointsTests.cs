using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Aggregator.Tests.PrometheusApi.Http;

/// <summary>Two pods of acme count up by 1 and 2 a second, one of globex stands at 42.</summary>
public class QueryEndpointsTests
{
    private ApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await ApiServer.StartAsync();
        foreach ((string pod, double rate) in new[] { ("web", 1.0), ("db", 2.0) })
            await _server.WriteAsync("acme", ApiServer.PodSeries("work_total", "acme", pod), [.. Enumerable.Range(0, 41).Select(i => (-600.0 + 15 * i, 1000 + rate * 15 * i))]);
        await _server.WriteAsync("globex", ApiServer.PodSeries("work_total", "globex", "canary-v"), (-10, 42));
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    private string Now => Seconds(0);

    [Test]
    public async Task A_vector_has_labels_times_and_values()
    {
        Answer answer = await _server.GetAsync("/tenants/acme/api/v1/query?query=sort(work_total)");

        Assert.That(answer.Text, Is.EqualTo($$$"""
            {"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"work_total","cluster":"default","instance":"n1","job":"kubelet","namespace":"acme-web","node":"n1","pod":"web","tenant":"acme"},"value":[{{{Now}}},"1600"]},{"metric":{"__name__":"work_total","cluster":"default","instance":"n1","job":"kubelet","namespace":"acme-web","node":"n1","pod":"db","tenant":"acme"},"value":[{{{Now}}},"2200"]}]}}
            """));
    }

    [TestCase("1%2B1&time=4", """{"resultType":"scalar","result":[4,"2"]}""")]
    [TestCase("1/3&time=4.5", """{"resultType":"scalar","result":[4.500,"0.3333333333333333"]}""")]
    [TestCase("\"a<b\"&time=4", """{"resultType":"string","result":[4,"a\u003cb"]}""")]
    [TestCase("no_such", """{"resultType":"vector","result":[]}""")]
    [TestCase("no_such[5m]", """{"resultType":"matrix","result":[]}""")]
    [TestCase("vector(1e-7)&time=4", """{"resultType":"vector","result":[{"metric":{},"value":[4,"1e-07"]}]}""")]
    [TestCase("vector(-Inf)&time=4&step=5m0s", """{"resultType":"vector","result":[{"metric":{},"value":[4,"-Inf"]}]}""")]
    [TestCase("vector(1)&time=1e18", """{"resultType":"vector","result":[{"metric":{},"value":[2305843009213693.951,"1"]}]}""")]
    [TestCase("sum(work_total)&time=2026-01-01T12:00:00Z", """{"resultType":"vector","result":[{"metric":{},"value":[1767268800,"3800"]}]}""")]
    [TestCase("sum(max_over_time(work_total[5m]))&time=2026-01-01T12:00:00Z", """{"resultType":"vector","result":[{"metric":{},"value":[1767268800,"3800"]}]}""")]
    [TestCase("count(work_total)&time=2026-01-01T12:00:00Z&lookback_delta=1m&timeout=10s", """{"resultType":"vector","result":[{"metric":{},"value":[1767268800,"2"]}]}""")]
    [TestCase("count(work_total)&time=2026-01-01T12:01:00Z&lookback_delta=30s", """{"resultType":"vector","result":[]}""")]
    public async Task A_result_has_the_form_of_its_type(string query, string data)
    {
        Answer answer = await _server.GetAsync("/api/v1/query?query=" + query);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(answer.Text, Is.EqualTo($$"""{"status":"success","data":{{data}}}"""));
    }

    [Test]
    public async Task A_range_is_a_matrix_sorted_by_labels()
    {
        Answer answer = await _server.PostFormAsync("/tenants/acme/api/v1/query_range",
            $"query=sum by (pod) (work_total)&start={Seconds(-30)}&end={Seconds(0)}&step=15");

        Assert.That(answer.Text, Is.EqualTo($$$"""
            {"status":"success","data":{"resultType":"matrix","result":[{"metric":{"pod":"db"},"values":[[{{{Seconds(-30)}}},"2140"],[{{{Seconds(-15)}}},"2170"],[{{{Now}}},"2200"]]},{"metric":{"pod":"web"},"values":[[{{{Seconds(-30)}}},"1570"],[{{{Seconds(-15)}}},"1585"],[{{{Now}}},"1600"]]}]}}
            """));
    }

    [Test]
    public async Task A_limit_cuts_the_series_and_says_so()
    {
        foreach (string target in (string[])["query?query=work_total", $"query_range?query=work_total&start={Seconds(-30)}&end={Now}&step=15s"])
        {
            JsonElement cut = JsonDocument.Parse((await _server.GetAsync($"/api/v1/{target}&limit=1")).Body).RootElement;
            JsonElement whole = JsonDocument.Parse((await _server.GetAsync($"/api/v1/{target}&limit=2")).Body).RootElement;

            Assert.That(cut.GetProperty("data").GetProperty("result").GetArrayLength(), Is.EqualTo(1));
            Assert.That(cut.GetProperty("warnings")[0].GetString(), Is.EqualTo("results truncated due to limit"));
            Assert.That(whole.GetProperty("data").GetProperty("result").GetArrayLength(), Is.EqualTo(2));
            Assert.That(whole.TryGetProperty("warnings", out _), Is.False);
        }
    }

    [Test]
    public async Task Warnings_and_infos_stand_beside_the_data()
    {
        string text = (await _server.GetAsync("/api/v1/query?query=quantile(2,rate(work_total_x[5m])) or rate(work_gauge[5m]) or quantile(2,work_total)")).Text;

        Assert.That(text, Does.Contain("\"warnings\":[\"PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)").Or.Contain("got 2 (1:"));
    }

    [Test]
    public async Task Statistics_count_the_tenants_own_samples_and_tell_what_depends_on_the_machine_to_operators_alone()
    {
        string tenant = (await _server.GetAsync("/api/v1/query?query=work_total&stats=all")).Text;
        string @operator = (await _server.GetAsync("/api/v1/query?query=work_total&stats=true", "operator")).Text;
        string odd = (await _server.GetAsync("/api/v1/query?query=1&stats=yes")).Text;

        Assert.That(tenant, Does.Match("\"stats\":.\"samples\":.\"totalQueryableSamples\":2,\"samplesRead\":[0-9]+}}}}$"));
        Assert.That(@operator, Does.Contain("\"stats\":{\"timings\":{\"evalTotalTime\":").And.Contain("\"totalQueryableSamples\":3").And.Contain("peakSamples"));
        Assert.That(odd, Does.Contain("warnings"));
    }

    [TestCase("query", 400, "bad_data")]
    [TestCase("query?query=", 400, "bad_data")]
    [TestCase("query?query=up%2B", 400, "bad_data")]
    [TestCase("query?query=up&time=x", 400, "bad_data")]
    [TestCase("query?query=up&timeout=0", 400, "bad_data")]
    [TestCase("query?query=up&lookback_delta=-1", 400, "bad_data")]
    [TestCase("query?query=up&limit=-1", 400, "bad_data")]
    [TestCase("query?query=up&step=x", 400, "bad_data")]
    [TestCase("query?query=up&extra_label=tenant=globex", 400, "bad_data")]
    [TestCase("query_range?query=up&end=1&step=1", 400, "bad_data")]
    [TestCase("query_range?query=up&start=2&end=1&step=1", 400, "bad_data")]
    [TestCase("query_range?query=up&start=1&end=2&step=0", 400, "bad_data")]
    [TestCase("query_range?query=up&start=1&end=2&step=-1s", 400, "bad_data")]
    [TestCase("query_range?query=up&start=0&end=11001&step=1", 400, "bad_data")]
    [TestCase("query_range?query=up&start=-1e300&end=1e300&step=1", 400, "bad_data")]
    [TestCase("query_range?query=up[5m]&start=1&end=2&step=1", 400, "bad_data")]
    [TestCase("query?query=work_total * on() work_total", 422, "execution")]
    public async Task An_error_has_its_type_and_status(string target, int status, string type)
    {
        Answer answer = await _server.GetAsync("/api/v1/" + target);

        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(answer.Text, Does.StartWith($$"""{"status":"error","errorType":"{{type}}","error":"""));
    }

    [TestCase("query_range?query=up&start=0&end=11000&step=1")]
    [TestCase("query_range?query=vector(1)&start=1769860800123&end=1769860800124&step=1")]
    public async Task As_much_as_is_allowed_is_answered(string target) =>
        Assert.That((await _server.GetAsync("/api/v1/" + target)).Status, Is.EqualTo(200));

    [Test]
    public async Task A_query_that_reads_too_much_is_told_the_limit()
    {
        await using ApiServer server = await ApiServer.StartAsync(new QuerySettings { MaxSamples = 30 });
        await server.WriteAsync("acme", ApiServer.PodSeries("work_total", "acme", "web"), [.. Enumerable.Range(0, 40).Select(i => (-600.0 + 15 * i, (double)i))]);

        Answer answer = await server.GetAsync("/api/v1/query?query=work_total[10m]");

        Assert.That(answer.Status, Is.EqualTo(422));
        Assert.That(answer.Text, Does.Contain("\"errorType\":\"execution\"").And.Contain("30"));
    }

    private string Seconds(double offset) => ((_server.NowMs / 1000) + (long)offset).ToString(CultureInfo.InvariantCulture);
}
