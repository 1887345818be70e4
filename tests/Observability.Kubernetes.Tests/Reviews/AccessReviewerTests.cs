using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Observability.Access;
using Observability.Kubernetes.Tests.Cluster;

namespace Observability.Kubernetes.Tests.Reviews;

public class AccessReviewerTests
{
    private static readonly AccessAttributes AcmesMetrics =
        new() { Verb = "get", Group = "observability.io", Resource = "tenants", Subresource = "metrics", Name = "acme" };

    [TestCase("acme", ExpectedResult = true)]
    [TestCase("globex", ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    [TestCase("no-such-tenant", ExpectedResult = false)]
    public async Task<bool> A_right_on_one_tenant_is_a_right_on_no_other(string tenant)
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        using ClusterConnection connection = ClusterConnection.Open(cluster.Options(), TimeProvider.System);
        var reviewer = new KubernetesAccessReviewer(connection, TimeProvider.System);

        AccessReviewResult result = await reviewer.ReviewAsync(Account("acme-web", "viewer"), AcmesMetrics with { Name = tenant }, CancellationToken.None);

        Assert.That(result.Reason, result.Allowed ? Does.Contain("tenant-acme-viewer") : Is.Empty);
        return result.Allowed;
    }

    [Test]
    public async Task A_right_that_is_taken_away_is_gone_at_the_next_review()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync();
        using ClusterConnection connection = ClusterConnection.Open(cluster.Options(), TimeProvider.System);
        var reviewer = new KubernetesAccessReviewer(connection, TimeProvider.System);
        Assert.That((await reviewer.ReviewAsync(Account("acme-web", "viewer"), AcmesMetrics, CancellationToken.None)).Allowed, Is.True);

        cluster.World.RemoveBinding(null, "tenant-acme-viewer");

        Assert.That((await reviewer.ReviewAsync(Account("acme-web", "viewer"), AcmesMetrics, CancellationToken.None)).Allowed, Is.False);
    }

    [Test]
    public async Task The_whole_identity_and_every_attribute_are_asked_about()
    {
        JsonElement asked = default;
        await using ScriptedApi api = await ScriptedApi.StartAsync(async context =>
        {
            asked = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement.GetProperty("spec").Clone();
            await AnswerAsync(context, """{"status":{"allowed":true,"reason":"because"}}""");
        });
        using ClusterConnection connection = ClusterConnection.Open(api.Options(), TimeProvider.System);
        var caller = new CallerIdentity
        {
            Username = "jane",
            Uid = "42",
            Groups = ["b", "a"],
            Extra = new Dictionary<string, ImmutableArray<string>> { ["example.org/Scope"] = ["x", "y"] },
        };

        AccessReviewResult result = await new KubernetesAccessReviewer(connection, TimeProvider.System).ReviewAsync(
            caller, AcmesMetrics with { Namespace = "ns" }, CancellationToken.None);

        Assert.That(result, Is.EqualTo(new AccessReviewResult(true, "because")));
        Assert.That(JsonElement.DeepEquals(asked, JsonDocument.Parse("""
            {
              "user": "jane", "uid": "42", "groups": ["b", "a"], "extra": { "example.org/Scope": ["x", "y"] },
              "resourceAttributes": {
                "verb": "get", "group": "observability.io", "resource": "tenants", "subresource": "metrics", "name": "acme", "namespace": "ns"
              }
            }
            """).RootElement), Is.True, asked.GetRawText());
    }

    [TestCase("""{"status":{"allowed":false}}""", false)]
    [TestCase("""{"status":{}}""", false)]
    [TestCase("""{"status":{"allowed":true,"denied":true}}""", false)]
    [TestCase("""{"status":{"allowed":true,"evaluationError":"one of two webhooks is down"}}""", true)]
    public async Task Only_an_allow_without_a_deny_allows(string body, bool allowed)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(context => AnswerAsync(context, body));
        using ClusterConnection connection = ClusterConnection.Open(api.Options(), TimeProvider.System);

        AccessReviewResult result = await new KubernetesAccessReviewer(connection, TimeProvider.System).ReviewAsync(
            Account("acme-web", "viewer"), AcmesMetrics, CancellationToken.None);

        Assert.That(result.Allowed, Is.EqualTo(allowed));
    }

    [TestCase("""{"status":{"allowed":false,"evaluationError":"webhook is down"}}""")]
    [TestCase("{}")]
    [TestCase("""{"status":{"allowed":"true"}}""")]
    [TestCase("nonsense")]
    public async Task A_review_that_could_not_be_made_is_no_answer(string body)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(context => AnswerAsync(context, body));
        using ClusterConnection connection = ClusterConnection.Open(api.Options(), TimeProvider.System);
        var reviewer = new KubernetesAccessReviewer(connection, TimeProvider.System);

        await Assert.ThrowsAsync<ClusterUnavailableException>(() => reviewer.ReviewAsync(Account("acme-web", "viewer"), AcmesMetrics, CancellationToken.None));
    }

    [Test]
    public async Task A_redirect_is_not_followed()
    {
        await using ScriptedApi elsewhere = await ScriptedApi.StartAsync(context => AnswerAsync(context, """{"status":{"allowed":true}}"""));
        await using ScriptedApi api = await ScriptedApi.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = new Uri(elsewhere.Server, context.Request.Path).ToString();
            return Task.CompletedTask;
        });
        using ClusterConnection connection = ClusterConnection.Open(api.Options(), TimeProvider.System);
        var reviewer = new KubernetesAccessReviewer(connection, TimeProvider.System);

        await Assert.ThrowsAsync<ClusterUnavailableException>(() => reviewer.ReviewAsync(Account("acme-web", "viewer"), AcmesMetrics, CancellationToken.None));
        Assert.That(elsewhere.Requests, Is.Empty);
    }

    private static CallerIdentity Account(string ns, string name) => new()
    {
        Username = $"system:serviceaccount:{ns}:{name}",
        Groups = ["system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"],
    };

    private static Task AnswerAsync(HttpContext context, string body)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }
}
