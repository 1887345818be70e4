using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Observability.Aggregator.Access;
using Observability.Aggregator.ModelApi;
using Observability.Aggregator.ModelApi.Http;
using Observability.Aggregator.Surfaces;
using Observability.Model;
using static Observability.Aggregator.Tests.ModelApi.Cluster;

namespace Observability.Aggregator.Tests.ModelApi.Http;

/// <summary>The routes over a real server; a header stands for what the access middleware would have granted.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ModelRoutesTests
{
    private const string Cpu = "container_cpu_usage_seconds_total";
    private const string Memory = "container_memory_working_set_bytes";

    private readonly Cluster _cluster = new(new ModelOptions { MaxPods = 3 }, now: 40);
    private readonly HttpClient _client = new();
    private WebApplication _server = null!; // SetUp makes it

    [SetUp]
    public async Task StartAsync()
    {
        (double, double)[] samples = [(0, 10), (16, 18.5), (32, 26.5)];
        foreach ((TenantUid tenant, string @namespace, string pod) in ((TenantUid, string, string)[])
            [(Acme, "acme-web", "frontend"), (Acme, "acme-batch", "job"), (Globex, "globex-prod", "api"), (TenantUid.System, "kube-system", "dns")])
        {
            foreach (string name in (string[])[Cpu, Memory])
            {
                await _cluster.WriteAsync(tenant, PodRow(name, @namespace, pod), samples);
                await _cluster.WriteAsync(tenant, ContainerRow(name, @namespace, pod, "main"), samples);
            }
        }
        await _cluster.WriteAsync(TenantUid.System, RootRow(Memory, "n1"), samples);
        await _cluster.WriteAsync(TenantUid.System, SliceRow(Memory, "n1", "/system.slice/kubelet.service"), samples);
        _cluster.KnowPod("acme-web", "pending", "main");

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_cluster.Objects).AddSingleton(_cluster.Queries).AddSingleton<QueryShares>();
        _server = builder.Build();
        _server.Use((context, next) =>
        {
            context.Features.Set(context.Request.Headers["As"] == "operator" ? OperatorScope : AcmeScope);
            return next(context);
        });
        _server.UseRouting();
        _server.MapModelEndpoints();
        _server.MapFallback(ErrorBody.NotFound);
        await _server.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _cluster.Dispose();
    }

    [TestCase("/namespaces/", "acme-batch", "acme-web")]
    [TestCase("/namespaces", "acme-batch", "acme-web")]
    [TestCase("/namespaces/acme-web/pods/", "frontend")]
    [TestCase("/namespaces/acme-web/pods/frontend/containers", "main")]
    [TestCase("/namespaces/acme-web/pods/frontend/containers/", "main")]
    [TestCase("/namespaces/acme-web/pods/pending/containers")]
    [TestCase("/metrics/", "cpu/usage", "cpu/usage_rate", "memory/working_set")]
    [TestCase("/namespaces/acme-web/metrics", "cpu/usage", "cpu/usage_rate", "memory/working_set")]
    [TestCase("/namespaces/acme-web/metrics/", "cpu/usage", "cpu/usage_rate", "memory/working_set")]
    [TestCase("/namespaces/acme-web/pods/frontend/metrics", "cpu/usage", "cpu/usage_rate", "memory/working_set")]
    [TestCase("/namespaces/acme-web/pods/frontend/containers/main/metrics/", "cpu/usage", "cpu/usage_rate", "memory/working_set")]
    [TestCase("/tenants/", "acme")]
    [TestCase("/debug/allkeys", "cluster", "namespace:acme-batch", "namespace:acme-batch/pod:job", "namespace:acme-batch/pod:job/container:main",
        "namespace:acme-web", "namespace:acme-web/pod:frontend", "namespace:acme-web/pod:frontend/container:main")]
    public async Task A_list_holds_what_the_tenant_may_see(string path, params string[] names)
    {
        foreach (string prefix in (string[])["/api/v1/model", "/tenants/acme/api/v1/model"])
        {
            (HttpStatusCode status, string body) = await GetAsync(prefix + path);

            Assert.That(status, Is.EqualTo(HttpStatusCode.OK), prefix + path);
            Assert.That(JsonSerializer.Deserialize<string[]>(body), Is.EqualTo(names));
        }
    }

    [TestCase("/api/v1/model/nodes/", "n1")]
    [TestCase("/api/v1/model/nodes/n1/metrics/", "memory/working_set")]
    [TestCase("/api/v1/model/nodes/n1/freecontainers/", "system.slice:kubelet.service")]
    [TestCase("/api/v1/model/nodes/n1/freecontainers/kubelet/metrics/", "memory/working_set")]
    [TestCase("/api/v1/model/namespaces/", "acme-batch", "acme-web", "globex-prod", "kube-system")]
    [TestCase("/tenants/", "acme", "globex")]
    public async Task An_operator_sees_the_cluster(string path, params string[] names) =>
        Assert.That(JsonSerializer.Deserialize<string[]>((await GetAsync(path, "operator")).Body), Is.EqualTo(names));

    [Test]
    public async Task A_metric_is_answered_in_Heapsters_shape_with_floats_kept()
    {
        (_, string body) = await GetAsync("/api/v1/model/namespaces/acme-web/pods/frontend/metrics/cpu/usage_rate");

        Assert.That(body, Is.EqualTo("""{"metrics":[{"timestamp":"2026-01-31T12:00:16Z","value":531.25},{"timestamp":"2026-01-31T12:00:32Z","value":500}],"latestTimestamp":"2026-01-31T12:00:32Z"}"""));
    }

    [TestCase("/metrics/memory/working_set")]
    [TestCase("/namespaces/acme-web/metrics/cpu/usage_rate")]
    [TestCase("/namespaces/acme-web/pods/frontend/containers/main/metrics/memory-working")]
    [TestCase("/namespaces/acme-web/pods/frontend/metrics/memory/working_set?start=2026-01-31T12:00:16Z&end=2026-01-31T12:00:16.000000001Z")]
    public async Task A_metric_has_points(string path) =>
        Assert.That((await GetAsync("/api/v1/model" + path)).Body, Does.Contain("\"value\":"));

    [Test]
    public async Task An_object_without_points_in_the_range_is_there_and_empty()
    {
        foreach (string path in (string[])["frontend/metrics/memory/working_set?end=2026-01-31T11:00:00Z", "pending/metrics/cpu/usage_rate", "frontend/metrics/memory/working_set?labels=a:b"])
        {
            Assert.That(await GetAsync("/api/v1/model/namespaces/acme-web/pods/" + path),
                Is.EqualTo((HttpStatusCode.OK, """{"metrics":[],"latestTimestamp":"0001-01-01T00:00:00Z"}""")), path);
        }
    }

    [Test]
    public async Task A_pod_list_names_its_pods_in_the_order_asked()
    {
        (_, string body) = await GetAsync("/api/v1/model/namespaces/acme-web/pod-list/no-such,frontend/metrics/memory/working_set?start=2026-01-31T12:00:30Z");

        Assert.That(body, Is.EqualTo(
            """{"items":[{"pod":"no-such","metrics":[],"latestTimestamp":"0001-01-01T00:00:00Z"},{"pod":"frontend","metrics":[{"timestamp":"2026-01-31T12:00:32Z","value":26.5}],"latestTimestamp":"2026-01-31T12:00:32Z"}]}"""));
    }

    [Test]
    public async Task What_does_not_exist_and_what_is_forbidden_look_the_same()
    {
        string[] paths =
        [
            "/namespaces/globex-prod/pods", "/namespaces/no-such/pods", "/namespaces/globex-prod/metrics", "/namespaces/no-such/metrics/cpu/usage_rate",
            "/namespaces/globex-prod/pods/api/metrics/cpu/usage_rate", "/namespaces/acme-web/pods/api/metrics/cpu/usage_rate",
            "/namespaces/globex-prod/pods/api/containers/main/metrics/cpu/usage_rate", "/namespaces/globex-prod/pod-list/api/metrics/cpu/usage_rate",
            "/namespaces/kube-system/pods/dns/metrics", "/namespaces/acme-web/metrics/no/such", "/namespaces/acme-web/pods/frontend/containers/no-such/metrics",
            "/nodes", "/nodes/n1/metrics", "/nodes/n1/metrics/memory/usage", "/nodes/n1/freecontainers", "/nodes/n1/freecontainers/kubelet/metrics/memory/usage", "/no-such",
        ];

        (HttpStatusCode, string)[] answers = await Task.WhenAll(paths.Select(path => GetAsync("/api/v1/model" + path)));

        Assert.That(answers, Is.All.EqualTo((HttpStatusCode.NotFound, """{"status":"error","errorType":"not_found","error":"not found"}""")));
    }

    [TestCase("start=yesterday", 400, "start:")]
    [TestCase("start=2026-01-31T12:00:00", 400, "start:")]
    [TestCase("end=2026-13-31T12:00:00Z", 400, "end:")]
    [TestCase("start=2026-01-31T12:00:01Z&end=2026-01-31T12:00:00Z", 400, "start:")]
    [TestCase("labels=resource_id", 400, "labels:")]
    [TestCase("labels=a:b,a:c", 400, "labels:")]
    [TestCase("start=2026-01-01T12:00:00Z", 422, "start:")]
    public async Task A_wrong_parameter_is_named(string query, int expected, string named)
    {
        (HttpStatusCode status, string body) = await GetAsync("/api/v1/model/namespaces/acme-web/metrics/cpu/usage_rate?" + query);

        Assert.That((int)status, Is.EqualTo(expected));
        Assert.That(body, Does.Contain(named));
    }

    [TestCase("a,,b", 400)]
    [TestCase("a,b,c,d", 422)]
    public async Task A_pod_list_is_bounded(string pods, int expected)
    {
        (HttpStatusCode status, string body) = await GetAsync($"/api/v1/model/namespaces/acme-web/pod-list/{pods}/metrics/cpu/usage_rate");

        Assert.That((int)status, Is.EqualTo(expected));
        Assert.That(body, Does.Contain("pod-list:"));
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string path, string caller = "acme")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Urls.Single() + path);
        request.Headers.Add("As", caller);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
