using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Observability.Simulator.Rbac;

namespace Observability.Simulator.Tests.Api;

/// <summary>Who a token is, and what they may do, answered as a 1.36 API server answers.</summary>
public sealed class ReviewTests
{
    [TestCase("tokenreview-serviceaccount")]
    [TestCase("tokenreview-pod-bound")]
    [TestCase("tokenreview-garbage")]
    [TestCase("tokenreview-wrong-audience")]
    public async Task Token_reviews_have_the_captured_shape_and_words(string capture)
    {
        JsonNode captured = JsonNode.Parse(Captured.Text($"apiserver/{capture}.json.gz"))!;
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        string token = capture switch
        {
            "tokenreview-garbage" => "garbage",
            "tokenreview-pod-bound" => cluster.Simulator.IssueToken("observability", "collector", ["observability"], "node-1"),
            _ => cluster.Simulator.IssueToken("acme-web", "viewer", ["observability"]),
        };
        JsonNode spec = captured["spec"]!.DeepClone();
        spec["token"] = token;

        (HttpStatusCode status, JsonNode answer) = await PostAsync(cluster, "authentication.k8s.io/v1/tokenreviews", "TokenReview", spec);

        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(Shape(answer["status"]!), Is.EqualTo(Shape(captured["status"]!)));
            Assert.That((string?)answer["status"]!["error"], Is.EqualTo((string?)captured["status"]!["error"]));
            Assert.That(answer["kind"]!.ToString() + answer["apiVersion"], Is.EqualTo(captured["kind"]!.ToString() + captured["apiVersion"]));
        });
    }

    [TestCase("sar-allowed")]
    [TestCase("sar-denied")]
    [TestCase("sar-own-group-denied")]
    public async Task Access_reviews_answer_the_captured_questions_as_captured(string capture)
    {
        JsonNode captured = JsonNode.Parse(Captured.Text($"apiserver/{capture}.json.gz"))!;
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        cluster.World.AddRole(new Role("acme-web", "metrics-viewer", [new PolicyRule { Verbs = ["get", "list"], ApiGroups = ["metrics.k8s.io"], Resources = ["pods"] }]));
        cluster.World.AddBinding(new RoleBinding
        {
            Namespace = "acme-web",
            Name = "metrics-viewer",
            RoleName = "metrics-viewer",
            Subjects = [Subject.ServiceAccount("acme-web", "viewer")],
        });

        (HttpStatusCode status, JsonNode answer) = await PostAsync(
            cluster, "authorization.k8s.io/v1/subjectaccessreviews", "SubjectAccessReview", captured["spec"]!.DeepClone());

        Assert.That(status, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(answer["status"]!.ToJsonString(), Is.EqualTo(captured["status"]!.ToJsonString()));
        Assert.That(answer["spec"]!.ToJsonString(), Is.EqualTo(captured["spec"]!.ToJsonString()));
    }

    [Test]
    public async Task A_bound_token_names_its_node_and_dies_with_its_pod()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        string token = cluster.Simulator.IssueToken("observability", "collector", ["observability"], "node-2");
        PodInfo pod = cluster.World.Pods.Single(pod => pod is { Namespace: "observability", Node: "node-2" });

        V1TokenReviewStatus alive = await ReviewAsync(cluster, token);
        cluster.World.DeletePod("observability", pod.Name, TimeSpan.Zero);
        cluster.Time.Advance(TimeSpan.FromSeconds(1));
        V1TokenReviewStatus dead = await ReviewAsync(cluster, token);

        Assert.Multiple(() =>
        {
            Assert.That(alive.User.Extra["authentication.kubernetes.io/node-name"], Is.EqualTo(new[] { "node-2" }));
            Assert.That(alive.User.Extra["authentication.kubernetes.io/node-uid"], Is.EqualTo(new[] { cluster.Simulator.Nodes[1].Uid }));
            Assert.That(alive.User.Extra["authentication.kubernetes.io/pod-uid"], Is.EqualTo(new[] { pod.Uid }));
            Assert.That(dead.Authenticated, Is.Not.True);
            Assert.That(cluster.Simulator.ApiRequests.TokenReviews, Is.EqualTo(2));
        });
    }

    [Test]
    public async Task A_token_ends_when_it_expires_or_is_revoked()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        string brief = cluster.Simulator.IssueToken("acme-web", "viewer", ["observability"], lifetime: TimeSpan.FromMinutes(10));
        string revoked = cluster.Simulator.IssueToken("acme-web", "viewer", ["observability"]);

        cluster.Simulator.RevokeToken(revoked);
        V1TokenReviewStatus[] before = [await ReviewAsync(cluster, brief), await ReviewAsync(cluster, revoked)];
        cluster.Time.Advance(TimeSpan.FromMinutes(11));
        V1TokenReviewStatus after = await ReviewAsync(cluster, brief);

        Assert.That(new[] { before[0].Authenticated, before[1].Authenticated, after.Authenticated }, Is.EqualTo(new bool?[] { true, null, null }));
    }

    [Test]
    public async Task An_empty_token_is_a_bad_request()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();

        (HttpStatusCode status, _) = await PostAsync(cluster, "authentication.k8s.io/v1/tokenreviews", "TokenReview", new JsonObject { ["token"] = "" });

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCase("acme-web", "viewer", "get", "tenants", "metrics", "acme", "", ExpectedResult = true)]
    [TestCase("acme-web", "viewer", "get", "tenants", "metrics", "globex", "", ExpectedResult = false)]
    [TestCase("acme-web", "viewer", "watch", "tenants", "metrics", "acme", "", ExpectedResult = false)]
    [TestCase("acme-web", "viewer", "get", "tenants", "billing", "acme", "", ExpectedResult = false)]
    [TestCase("acme-web", "viewer", "get", "tenants", "metrics", "", "", ExpectedResult = false)]
    [TestCase("acme-web", "web-only", "get", "metrics", "", "", "acme-web", ExpectedResult = true)]
    [TestCase("acme-web", "web-only", "get", "metrics", "", "", "acme-batch", ExpectedResult = false)]
    [TestCase("acme-web", "web-only", "get", "metrics", "", "", "", ExpectedResult = false)]
    [TestCase("observability", "operator", "get", "tenants", "metrics", "initech", "", ExpectedResult = true)]
    [TestCase("observability", "collector", "create", "samples", "", "", "", ExpectedResult = true)]
    [TestCase("observability", "collector", "create", "nodes", "samples", "node-1", "", ExpectedResult = false)]
    [TestCase("observability", "collector-multi", "create", "nodes", "samples", "node-1", "", ExpectedResult = true)]
    [TestCase("observability", "collector-multi", "create", "nodes", "samples", "node-9", "", ExpectedResult = false)]
    public async Task<bool> The_scenarios_accounts_have_the_rights_they_are_meant_to_have(
        string ns, string account, string verb, string resource, string subresource, string name, string inNamespace)
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();

        V1SubjectAccessReview review = await cluster.Kubernetes().AuthorizationV1.CreateSubjectAccessReviewAsync(
            new V1SubjectAccessReview
            {
                Spec = new V1SubjectAccessReviewSpec
                {
                    User = $"system:serviceaccount:{ns}:{account}",
                    Groups = ["system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"],
                    ResourceAttributes = new V1ResourceAttributes
                    {
                        Verb = verb,
                        Group = "observability.io",
                        Resource = resource,
                        Subresource = subresource,
                        Name = name,
                        NamespaceProperty = inNamespace,
                    },
                },
            },
            cancellationToken: cluster.Deadline);

        return review.Status.Allowed;
    }

    [Test]
    public async Task A_removed_binding_counts_at_once()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        ICoreV1Operations client = cluster.Kubernetes(cluster.Simulator.IssueToken("observability", "aggregator", [])).CoreV1;
        await client.ListNamespaceAsync(cancellationToken: cluster.Deadline);

        cluster.World.RemoveBinding(null, "observability-aggregator");

        HttpOperationException? refused = await Assert.ThrowsAsync<HttpOperationException>(() => client.ListNamespaceAsync(cancellationToken: cluster.Deadline));
        Assert.That(refused?.Response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task The_api_server_and_the_kubelets_ask_for_a_token_and_for_rights()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        string collector = cluster.Simulator.IssueToken("observability", "collector", []);
        string otherAudience = cluster.Simulator.IssueToken("observability", "collector", ["observability"]);
        string viewer = cluster.Simulator.IssueToken("acme-web", "viewer", []);
        Uri kubelet = cluster.Simulator.Nodes[0].Kubelet;

        Assert.Multiple(async () =>
        {
            Assert.That(await StatusAsync(kubelet, "metrics/cadvisor", collector), Is.EqualTo(200));
            Assert.That(await StatusAsync(kubelet, "stats/summary", collector), Is.EqualTo(200));
            Assert.That(await StatusAsync(kubelet, "pods", collector), Is.EqualTo(200));
            Assert.That(await StatusAsync(kubelet, "healthz", collector), Is.EqualTo(403));
            Assert.That(await StatusAsync(kubelet, "metrics/cadvisor", viewer), Is.EqualTo(403));
            Assert.That(await StatusAsync(kubelet, "metrics/cadvisor", otherAudience), Is.EqualTo(401));
            Assert.That(await StatusAsync(kubelet, "metrics/cadvisor", "wrong"), Is.EqualTo(401));
            Assert.That(await StatusAsync(kubelet, "metrics/cadvisor", null), Is.EqualTo(401));
            Assert.That(await StatusAsync(kubelet, "metrics/cadvisor", collector, HttpMethod.Head), Is.EqualTo(403));
            Assert.That(await StatusAsync(kubelet, "metrics/cadvisor", collector, HttpMethod.Post), Is.EqualTo(403));
            Assert.That(await StatusAsync(cluster.Simulator.ApiServer, "api/v1/namespaces", viewer), Is.EqualTo(403));
            Assert.That(await StatusAsync(cluster.Simulator.ApiServer, "api/v1/namespaces", null), Is.EqualTo(401));
            Assert.That(await StatusAsync(cluster.Simulator.ApiServer, "version", viewer), Is.EqualTo(200));
        });

        async Task<int> StatusAsync(Uri address, string path, string? token, HttpMethod? method = null)
        {
            using HttpRequestMessage request = new(method ?? HttpMethod.Get, path);
            using HttpResponseMessage response = await cluster.Client(address, token).SendAsync(request, cluster.Deadline);
            return (int)response.StatusCode;
        }
    }

    [Test]
    public async Task The_api_server_can_be_made_to_fail_and_to_refuse_connections()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        HttpClient client = cluster.Client(cluster.Simulator.ApiServer, cluster.Simulator.AdministratorToken);

        cluster.Simulator.ApiFaults.FailWithStatus = 500;
        using HttpResponseMessage failed = await client.GetAsync("api/v1/namespaces", cluster.Deadline);
        cluster.Simulator.ApiFaults.FailWithStatus = 0;
        cluster.Simulator.ApiFaults.RefuseConnections = true;
        Assert.That(async () => await client.GetAsync("api/v1/namespaces", cluster.Deadline), Throws.InstanceOf<HttpRequestException>());
        cluster.Simulator.ApiFaults.RefuseConnections = false;
        using HttpResponseMessage back = await client.GetAsync("api/v1/namespaces", cluster.Deadline);

        Assert.That((failed.StatusCode, back.StatusCode), Is.EqualTo((HttpStatusCode.InternalServerError, HttpStatusCode.OK)));
    }

    private static async Task<V1TokenReviewStatus> ReviewAsync(RunningCluster cluster, string token)
    {
        V1TokenReview review = await cluster.Kubernetes().AuthenticationV1.CreateTokenReviewAsync(
            new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token, Audiences = ["observability"] } }, cancellationToken: cluster.Deadline);
        return review.Status;
    }

    private static async Task<(HttpStatusCode Status, JsonNode Answer)> PostAsync(RunningCluster cluster, string path, string kind, JsonNode spec)
    {
        JsonObject body = new() { ["kind"] = kind, ["apiVersion"] = path[..path.LastIndexOf('/')], ["spec"] = spec };
        using StringContent content = new(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await cluster.Client(cluster.Simulator.ApiServer, cluster.Simulator.AdministratorToken)
            .PostAsync("apis/" + path, content, cluster.Deadline);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(cluster.Deadline))!);
    }

    /// <summary>Every path in the answer, with the kind of what stands there.</summary>
    private static string[] Shape(JsonNode node) => [.. Paths(node, "").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Paths(JsonNode node, string path) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Paths(field.Value!, $"{path}/{field.Key}")).Prepend(path + "{}"),
        JsonArray items => items.SelectMany((item, index) => Paths(item!, $"{path}[{index}]")),
        _ => [$"{path} {node.GetValueKind()}"],
    };
}
