using System.Globalization;
using System.Text.Json;

namespace Observability.Aggregator.Tests.PrometheusApi.Http;

/// <summary>What Grafana's data source asks, in its order, of a tenant with data and of one without.</summary>
public class GrafanaTests
{
    private const string Api = "/tenants/acme/api/v1/";

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_data_sources_sequence_is_answered(bool hasData)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        if (hasData)
            await server.WriteAsync("acme", ApiServer.PodSeries("container_memory_working_set_bytes", "acme", "web"), (-75, 1), (-45, 2), (-15, 3));
        long endMs = server.NowMs;
        string start = Text(endMs / 1000 - 3600), end = Text(endMs / 1000);

        // Save and test: the health check, then what kind of server it is.
        JsonElement health = await DataAsync(server.PostFormAsync(Api + "query", "query=1%2B1&time=4"));
        JsonElement build = await DataAsync(server.GetAsync(Api + "status/buildinfo"));
        // The query editor: metrics, labels, values of one, restricted by a filter; rules once.
        JsonElement names = await DataAsync(server.GetAsync($"{Api}label/__name__/values?start={start}&end={end}&limit=40000"));
        JsonElement labels = await DataAsync(server.PostFormAsync(Api + "labels", $"start={start}&end={end}&match%5B%5D=container_memory_working_set_bytes"));
        JsonElement pods = await DataAsync(server.GetAsync($"{Api}label/pod/values?start={start}&end={end}&match%5B%5D=container_memory_working_set_bytes%7Bnamespace%3D%22acme-web%22%7D"));
        JsonElement metadata = await DataAsync(server.GetAsync(Api + "metadata"));
        JsonElement rules = await DataAsync(server.GetAsync(Api + "rules"));
        JsonElement series = await DataAsync(server.PostFormAsync(Api + "series", $"start={start}&end={end}&match%5B%5D=container_memory_working_set_bytes"));
        // A panel; and the exemplars of it, asked for in milliseconds.
        JsonElement range = await DataAsync(server.PostFormAsync(Api + "query_range",
            $"query=sum+by+%28pod%29+%28container_memory_working_set_bytes%29&start={Text(endMs / 1000 - 60)}&end={end}&step=30"));
        JsonElement exemplars = await DataAsync(server.GetAsync($"{Api}query_exemplars?query=test&start={Text(endMs - 3_600_000)}&end={Text(endMs)}"));

        int some = hasData ? 1 : 0;
        Assert.That(health.GetRawText(), Is.EqualTo("""{"resultType":"scalar","result":[4,"2"]}"""));
        Assert.That(build.GetProperty("version").GetString(), Is.EqualTo("3.14.0"));
        Assert.That(build.TryGetProperty("features", out _), Is.False);
        Assert.That(names.GetArrayLength(), Is.EqualTo(some));
        Assert.That(labels.GetArrayLength(), Is.EqualTo(8 * some));
        Assert.That(pods.GetArrayLength(), Is.EqualTo(some));
        Assert.That(metadata.EnumerateObject().Count(), Is.EqualTo(some));
        Assert.That(rules.GetRawText(), Is.EqualTo("""{"groups":[]}"""));
        Assert.That(series.GetArrayLength(), Is.EqualTo(some));
        Assert.That(range.GetProperty("resultType").GetString(), Is.EqualTo("matrix"));
        Assert.That(range.GetProperty("result").GetRawText(), Is.EqualTo(hasData
            ? $$"""[{"metric":{"pod":"web"},"values":[[{{Text(endMs / 1000 - 60)}},"1"],[{{Text(endMs / 1000 - 30)}},"2"],[{{end}},"3"]]}]"""
            : "[]"));
        Assert.That(exemplars.GetRawText(), Is.EqualTo("[]"));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<JsonElement> DataAsync(Task<Answer> asked)
    {
        Answer answer = await asked;
        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        JsonElement root = JsonDocument.Parse(answer.Body).RootElement;
        Assert.That(root.GetProperty("status").GetString(), Is.EqualTo("success"));
        return root.GetProperty("data");
    }
}
