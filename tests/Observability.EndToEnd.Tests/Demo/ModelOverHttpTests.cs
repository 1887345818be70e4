using System.Net;

namespace Observability.EndToEnd.Tests.Demo;

/// <summary>What the demo's tenants see over HTTP.</summary>
internal sealed class ModelOverHttpTests
{
    private const string Model = "api/v1/model";

    [TestCase("acme", new[] { "acme-batch", "acme-web" })]
    [TestCase("globex", new[] { "globex-prod" })]
    [TestCase("initech", new[] { "initech-dev" })]
    [TestCase("acme-web", new[] { "acme-web" })]
    public async Task A_caller_sees_its_own_namespaces(string caller, string[] namespaces)
    {
        using ModelClient client = ModelClient.Of(caller);

        string[] seen = await client.NamesAsync($"{Model}/namespaces/");

        Assert.That(seen, Is.EqualTo(namespaces));
    }

    [Test]
    public async Task The_operator_sees_all_namespaces_and_nodes()
    {
        using ModelClient client = ModelClient.Of("operator");

        string[] namespaces = await client.NamesAsync($"{Model}/namespaces/");
        string[] nodes = await client.NamesAsync($"{Model}/nodes/");

        Assert.That(namespaces, Is.SupersetOf(new[] { "acme-batch", "acme-web", "globex-prod", "initech-dev", "kube-system", "orphan" }));
        Assert.That(nodes, Is.EqualTo(new[] { "node-1", "node-2", "node-3" }));
    }

    [Test]
    public async Task The_CPU_of_a_pod_moves()
    {
        using ModelClient client = ModelClient.Of("acme");
        string[] pods = await client.NamesAsync($"{Model}/namespaces/acme-web/pods/");

        IReadOnlyList<(DateTimeOffset Time, double Value)> points =
            await client.PointsAsync($"{Model}/namespaces/acme-web/pods/{pods[0]}/metrics/cpu/usage_rate", differentValues: 2);

        Assert.That(points.Select(point => point.Value), Has.All.Positive);
        Assert.That(points.Select(point => point.Time), Is.Ordered.And.Unique);
    }

    [TestCase("namespaces/globex-prod/metrics/cpu/usage_rate", "namespaces/no-such-name/metrics/cpu/usage_rate")]
    [TestCase("namespaces/globex-prod/pods/", "namespaces/no-such-name/pods/")]
    [TestCase("nodes/node-1/metrics/cpu/usage_rate", "nodes/no-such-node/metrics/cpu/usage_rate")]
    [TestCase("namespaces/kube-system/metrics/memory/usage", "namespaces/no-such-name/metrics/memory/usage")]
    public async Task Forbidden_and_unknown_answer_alike(string forbidden, string unknown)
    {
        using ModelClient client = ModelClient.Of("acme");

        (HttpStatusCode Status, string Body) ofForbidden = await client.GetAsync($"{Model}/{forbidden}");
        (HttpStatusCode Status, string Body) ofUnknown = await client.GetAsync($"{Model}/{unknown}");

        Assert.That(ofForbidden.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(ofForbidden, Is.EqualTo(ofUnknown));
    }

    [TestCase("tenants/globex/api/v1/model/namespaces/", "tenants/nobody/api/v1/model/namespaces/")]
    [TestCase("tenants/globex/api/v1/model/metrics/cpu/usage_rate", "tenants/nobody/api/v1/model/metrics/cpu/usage_rate")]
    public async Task Another_tenant_answers_as_one_that_does_not_exist(string forbidden, string unknown)
    {
        using ModelClient client = ModelClient.Of("acme");

        (HttpStatusCode Status, string Body) ofForbidden = await client.GetAsync(forbidden);
        (HttpStatusCode Status, string Body) ofUnknown = await client.GetAsync(unknown);

        Assert.That(ofForbidden.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(ofForbidden, Is.EqualTo(ofUnknown));
    }

    [Test]
    public async Task A_right_in_one_namespace_opens_no_other_of_the_tenant()
    {
        using ModelClient client = ModelClient.Of("acme-web");

        (HttpStatusCode Status, string Body) own = await client.GetAsync($"{Model}/namespaces/acme-web/metrics/memory/usage");
        (HttpStatusCode Status, string Body) other = await client.GetAsync($"{Model}/namespaces/acme-batch/metrics/memory/usage");

        Assert.That(own.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(other.Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("not-a-token")]
    public async Task Without_a_good_token_the_answer_is_401(string? token)
    {
        using var client = new ModelClient(RunningDemo.Process.Query, token);

        (HttpStatusCode status, string _) = await client.GetAsync($"{Model}/namespaces/");

        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("start=yesterday")]
    [TestCase("nonsense=1")]
    [TestCase("start=2026-01-01T00:00:00Z&start=2026-01-02T00:00:00Z")]
    public async Task A_wrong_parameter_is_a_bad_request(string query)
    {
        using ModelClient client = ModelClient.Of("acme");

        (HttpStatusCode status, string body) = await client.GetAsync($"{Model}/namespaces/acme-web/metrics/memory/usage?{query}");

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(body, Does.Contain(query.Split('=')[0]));
    }

    [TestCase("cpu/usage_rate")]
    [TestCase("cpu/request")]
    [TestCase("memory/usage")]
    [TestCase("memory/working_set")]
    [TestCase("memory/limit")]
    [TestCase("network/rx_rate")]
    [TestCase("network/tx")]
    [TestCase("ephemeral_storage/usage")]
    public async Task A_tenant_and_a_namespace_have_all_the_metrics(string metric)
    {
        using ModelClient client = ModelClient.Of("acme");

        IReadOnlyList<(DateTimeOffset Time, double Value)> ofNamespace =
            await client.PointsAsync($"{Model}/namespaces/acme-web/metrics/{metric}", differentValues: 1);
        IReadOnlyList<(DateTimeOffset Time, double Value)> ofTenant =
            await client.PointsAsync($"tenants/acme/{Model}/metrics/{metric}", differentValues: 1);

        Assert.That(ofNamespace.Select(point => point.Value), Has.All.GreaterThanOrEqualTo(0));
        Assert.That(ofTenant.Select(point => point.Value), Has.All.GreaterThanOrEqualTo(0));
    }

    [Test]
    public async Task Health_and_own_metrics_are_on_the_admin_listener_alone()
    {
        using var admin = new ModelClient(RunningDemo.Process.Admin, token: null);
        using ModelClient query = ModelClient.Of("operator");

        (HttpStatusCode ready, string _) = await admin.GetAsync("readyz");
        (HttpStatusCode metrics, string exposition) = await admin.GetAsync("metrics");
        (HttpStatusCode onQuery, string _) = await query.GetAsync("metrics");
        (HttpStatusCode modelOnAdmin, string _) = await admin.GetAsync($"{Model}/namespaces/");

        Assert.That(ready, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(metrics, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(exposition, Does.Contain("# TYPE"));
        Assert.That(onQuery, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(modelOnAdmin, Is.EqualTo(HttpStatusCode.NotFound));
    }
}
