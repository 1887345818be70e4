using System.IO.Compression;
using System.Text.Json;
using Observability.Model;

namespace Observability.Aggregator.Tests.PrometheusApi.Http;

/// <summary>The store holds cpu and memory of acme's pods web and db, secret_v of globex, and the operator's own.</summary>
public class ListEndpointsTests
{
    private const string Cpu = "container_cpu_usage_seconds_total";
    private const string Memory = "container_memory_working_set_bytes";
    private const string Labels = """["__name__","cluster","instance","job","namespace","node","pod","tenant"]""";
    private ApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await ApiServer.StartAsync(new QuerySettings { MaxListed = 1000 });
        await _server.WriteAsync("acme", ApiServer.PodSeries(Cpu, "acme", "web"), (-600, 1), (-10, 2));
        await _server.WriteAsync("acme", ApiServer.PodSeries(Cpu, "acme", "db"), (-10, 2));
        await _server.WriteAsync("acme", ApiServer.PodSeries(Memory, "acme", "web"), (-3600, 2));
        await _server.WriteAsync("globex", ApiServer.PodSeries("secret_v", "globex", "canary-v", ("hidden", "x")), (-10, 42));
        await _server.WriteAsync("_system", LabelSet.Of(("__name__", "machine_cpu_cores"), ("node", "n1"), ("tenant", "_system")), (-10, 42));
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("/labels", Labels)]
    [TestCase("/labels?match[]=secret_v", "[]")]
    [TestCase("/labels?match[]=" + Cpu, Labels)]
    [TestCase("/labels?limit=2", """["__name__","cluster"],"warnings":["results truncated due to limit"]""")]
    [TestCase("/labels?start=0&end=1", "[]")]
    [TestCase("/labels?start=&end=&limit=", Labels)]
    [TestCase("/label/__name__/values", $"""["{Cpu}","{Memory}"]""")]
    [TestCase("/label/__name__/values?match[]=" + Memory, $"""["{Memory}"]""")]
    [TestCase("/label/pod/values", """["db","web"]""")]
    [TestCase("/label/pod/values?match[]={pod=\"db\"}&match[]={pod=\"web\"}", """["db","web"]""")]
    [TestCase("/label/pod/values?limit=1", """["db"],"warnings":["results truncated due to limit"]""")]
    [TestCase("/label/tenant/values", """["acme"]""")]
    [TestCase("/label/hidden/values", "[]")]
    [TestCase("/label/U__po_64_/values", """["db","web"]""")]
    [TestCase("/label/no.such/values", "[]")]
    [TestCase("/series?match[]=secret_v", "[]")]
    [TestCase("/series?match[]=" + Memory + "&match[]={__name__=\"" + Memory + "\"}",
        $$"""[{"__name__":"{{Memory}}","cluster":"default","instance":"n1","job":"kubelet","namespace":"acme-web","node":"n1","pod":"web","tenant":"acme"}]""")]
    public async Task A_list_holds_what_the_tenant_has(string target, string data)
    {
        foreach (string prefix in (string[])["/api/v1", "/tenants/acme/api/v1"])
        {
            Answer answer = await _server.GetAsync(prefix + target);

            Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
            Assert.That(answer.Text, Is.EqualTo($$"""{"status":"success","data":{{data}}}"""));
            Assert.That(answer.Headers, Does.Contain("Cache-Control: no-store, private").And.Contain("Content-Type: application/json"));
        }
    }

    [Test]
    public async Task Series_are_sorted_and_stand_once()
    {
        Answer answer = await _server.GetAsync($"/api/v1/series?match[]={{pod=~\".%2B\"}}&match[]={Cpu}");

        string[] series = [.. JsonDocument.Parse(answer.Body).RootElement.GetProperty("data").EnumerateArray()
            .Select(labels => labels.GetProperty("__name__").GetString() + "/" + labels.GetProperty("pod").GetString())];
        Assert.That(series, Is.EqualTo(new[] { Cpu + "/db", Cpu + "/web", Memory + "/web" }));
    }

    [Test]
    public async Task A_list_has_an_end_whatever_is_asked()
    {
        for (int i = 0; i < 1100; i++)
            await _server.WriteAsync("acme", ApiServer.PodSeries("many", "acme", $"p{i:0000}"), (-10, i));

        foreach (string limit in (string[])["0", "1000000000000", ""])
        {
            Answer answer = await _server.GetAsync($"/api/v1/series?match[]=many&limit={limit}");

            JsonElement root = JsonDocument.Parse(answer.Body).RootElement;
            Assert.That(root.GetProperty("data").GetArrayLength(), Is.EqualTo(1000));
            Assert.That(root.GetProperty("warnings")[0].GetString(), Is.EqualTo("results truncated due to limit"));
        }
    }

    [TestCase("/api/v1/series", "no match[] parameter provided")]
    [TestCase("/api/v1/series?match[]={}", "at least one non-empty matcher")]
    [TestCase("/api/v1/series?match[]={pod=~\".*\"}", "at least one non-empty matcher")]
    [TestCase("/api/v1/series?match[]=rate(up[5m])", "parse error")]
    [TestCase("/api/v1/labels?match[]=", "parse error")]
    [TestCase("/api/v1/labels?limit=-1", "must be non-negative")]
    [TestCase("/api/v1/labels?limit=1.5", "is not a whole number")]
    [TestCase("/api/v1/labels?start=yesterday", "cannot parse \\u0022yesterday\\u0022 to a valid timestamp")]
    [TestCase("/api/v1/label/U__/values", "invalid label name")]
    [TestCase("/api/v1/metadata?limit=x", "is not a whole number")]
    [TestCase("/api/v1/metadata?limit_per_metric=-1", "must be non-negative")]
    [TestCase("/api/v1/status/tsdb?limit=10001", "must not exceed 10000")]
    public async Task A_wrong_parameter_is_told(string target, string error)
    {
        Answer answer = await _server.GetAsync(target);

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Text, Does.StartWith("""{"status":"error","errorType":"bad_data","error":""").And.Contain(error));
    }

    [Test]
    public async Task Metadata_is_of_the_tenants_own_metrics()
    {
        Answer all = await _server.GetAsync("/api/v1/metadata");
        Answer one = await _server.GetAsync("/api/v1/metadata?limit=1&limit_per_metric=1");

        Assert.That(all.Text, Is.EqualTo($$$"""
            {"status":"success","data":{"{{{Cpu}}}":[{"type":"counter","unit":"seconds","help":"CPU time used."}],"{{{Memory}}}":[{"type":"gauge","unit":"bytes","help":"Memory that cannot be given back under pressure: what limits and evictions look at."}]}}
            """));
        Assert.That(one.Text, Does.Contain(Cpu).And.Not.Contain(Memory));
        foreach (string name in (string[])["secret_v", "machine_cpu_cores", "no_such"])
            Assert.That((await _server.GetAsync("/api/v1/metadata?metric=" + name)).Text, Is.EqualTo("""{"status":"success","data":{}}"""));
        Assert.That((await _server.GetAsync("/api/v1/metadata?metric=machine_cpu_cores", "operator")).Text, Does.Contain("logical CPUs"));
    }

    [Test]
    public async Task Cardinality_is_counted_over_the_tenants_own_series()
    {
        Answer answer = await _server.GetAsync("/api/v1/status/tsdb?limit=2");

        Assert.That(answer.Text, Is.EqualTo($$$"""
            {"status":"success","data":{"headStats":{"numSeries":3,"numLabelPairs":10,"chunkCount":3},"seriesCountByMetricName":[{"name":"{{{Cpu}}}","value":2},{"name":"{{{Memory}}}","value":1}],"labelValueCountByLabelName":[{"name":"__name__","value":2},{"name":"pod","value":2}],"memoryInBytesByLabelName":[{"name":"__name__","value":67},{"name":"namespace","value":8}],"seriesCountByLabelValuePair":[{"name":"cluster=default","value":3},{"name":"instance=n1","value":3}]}}
            """));
    }

    [TestCase("gzip")]
    [TestCase("deflate, gzip;q=0.5")]
    [TestCase("*")]
    public async Task A_long_answer_is_packed_for_who_takes_it(string accepted)
    {
        for (int i = 0; i < 50; i++)
            await _server.WriteAsync("acme", ApiServer.PodSeries("many", "acme", $"p{i:0000}"), (-10, i));
        Answer plain = await _server.GetAsync("/api/v1/series?match[]=many");

        Answer packed = await _server.GetAsync("/api/v1/series?match[]=many", acceptEncoding: accepted);

        Assert.That(plain.Headers, Does.Not.Contain("Content-Encoding").And.Contain("Vary: Accept-Encoding"));
        Assert.That(packed.Headers, Does.Contain("Content-Encoding: gzip").And.Contain("Vary: Accept-Encoding"));
        using var unpacked = new StreamReader(new GZipStream(new MemoryStream(packed.Body), CompressionMode.Decompress));
        Assert.That(await unpacked.ReadToEndAsync(), Is.EqualTo(plain.Text));
    }

    [TestCase("identity")]
    [TestCase("gzip;q=0")]
    [TestCase("br")]
    public async Task Nobody_else_gets_it_packed(string accepted) =>
        Assert.That((await _server.GetAsync("/api/v1/series?match[]={tenant!=\"\"}", acceptEncoding: accepted)).Headers, Does.Not.Contain("Content-Encoding"));

    [Test]
    public async Task A_condition_on_an_answer_kept_elsewhere_changes_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/labels", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Range", "bytes=0-3");
        request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        request.Headers.TryAddWithoutValidation("If-Modified-Since", "Thu, 01 Jan 2099 00:00:00 GMT");

        Answer answer = await _server.SendAsync(request);

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Text, Is.EqualTo((await _server.GetAsync("/api/v1/labels")).Text));
        Assert.That(answer.Headers, Does.Contain("no-store"));
    }
}
