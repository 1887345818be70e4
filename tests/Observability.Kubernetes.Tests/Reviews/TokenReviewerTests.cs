using Microsoft.AspNetCore.Http;
using Observability.Access;
using Observability.Kubernetes.Tests.Cluster;

namespace Observability.Kubernetes.Tests.Reviews;

public class TokenReviewerTests
{
    private const string Audience = "observability";
    private SimulatedCluster _cluster = null!;
    private ClusterConnection _connection = null!;
    private KubernetesTokenReviewer _reviewer = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _cluster = await SimulatedCluster.StartAsync();
        ClusterOptions options = _cluster.Options();
        options.RequestTimeout = TimeSpan.FromSeconds(30);
        _connection = ClusterConnection.Open(options, TimeProvider.System);
        _reviewer = new KubernetesTokenReviewer(_connection, TimeProvider.System);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _connection.Dispose();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task A_token_for_the_audience_names_its_user()
    {
        string token = _cluster.Simulator.IssueToken("acme-web", "viewer", [Audience, "another"]);

        TokenReviewResult result = await _reviewer.ReviewAsync(token, Audience, CancellationToken.None);

        Assert.That(result.Authenticated, Is.True);
        Assert.That(result.Audiences, Is.EqualTo(new[] { Audience }));
        Assert.That(result.Identity!.Username, Is.EqualTo("system:serviceaccount:acme-web:viewer"));
        Assert.That(result.Identity.Uid, Is.Not.Empty);
        Assert.That(result.Identity.Groups, Is.EqualTo(new[] { "system:serviceaccounts", "system:serviceaccounts:acme-web", "system:authenticated" }));
        Assert.That(result.Identity.Extra["authentication.kubernetes.io/credential-id"].Single(), Does.StartWith("JTI="));
        Assert.That(result.Identity.BoundNode, Is.Null);
    }

    [Test]
    public async Task A_token_that_is_bound_to_a_pod_names_its_node()
    {
        var node = _cluster.Simulator.Nodes[1];
        string token = _cluster.Simulator.IssueToken("observability", "collector", [Audience], node.Name);

        TokenReviewResult result = await _reviewer.ReviewAsync(token, Audience, CancellationToken.None);

        Assert.That(result.Identity!.BoundNode, Is.EqualTo(node.Name));
        Assert.That(result.Identity.BoundNodeUid, Is.EqualTo(node.Uid));
    }

    [TestCase("another audience")]
    [TestCase("the API server's own audience")]
    [TestCase("revoked")]
    [TestCase("expired")]
    [TestCase("garbage")]
    [TestCase("empty")]
    public async Task What_is_no_valid_token_for_the_audience_is_not_authenticated(string kind)
    {
        string token = kind switch
        {
            "another audience" => _cluster.Simulator.IssueToken("acme-web", "viewer", ["observability-ingest"]),
            "the API server's own audience" => _cluster.Simulator.IssueToken("acme-web", "viewer", []),
            "expired" => _cluster.Simulator.IssueToken("acme-web", "viewer", [Audience], lifetime: TimeSpan.FromSeconds(-1)),
            "revoked" => _cluster.Simulator.IssueToken("acme-web", "viewer", [Audience]),
            "empty" => " ",
            _ => "not.a.token",
        };
        if (kind == "revoked")
            _cluster.Simulator.RevokeToken(token);

        TokenReviewResult result = await _reviewer.ReviewAsync(token, Audience, CancellationToken.None);

        Assert.That(result.Authenticated, Is.False);
        Assert.That(result.Identity, Is.Null);
        Assert.That(result.Error, Does.Not.Contain("not.a.token").And.Not.Empty);
    }

    [TestCase(500)]
    [TestCase(403)]
    [TestCase(429)]
    public async Task An_API_server_that_fails_is_no_answer_and_tells_nothing_of_the_token(int status)
    {
        string token = _cluster.Simulator.IssueToken("acme-web", "viewer", [Audience]);
        _cluster.Simulator.ApiFaults.FailWithStatus = status;

        var exception = await Assert.ThrowsAsync<ClusterUnavailableException>(() => _reviewer.ReviewAsync(token, Audience, CancellationToken.None));

        Assert.That((int?)exception!.Status, Is.EqualTo(status));
        Assert.That(exception.ToString(), Does.Not.Contain(token));
        Assert.That(exception.InnerException, Is.Null, "the client's own exception holds the request");
    }

    [Test]
    public async Task An_API_server_that_is_not_there_is_no_answer()
    {
        _cluster.Simulator.ApiFaults.RefuseConnections = true;

        await Assert.ThrowsAsync<ClusterUnavailableException>(() => _reviewer.ReviewAsync("token", Audience, CancellationToken.None));
    }

    [Test]
    public async Task An_API_server_that_is_too_slow_is_no_answer()
    {
        _cluster.Simulator.ApiFaults.Delay = TimeSpan.FromMinutes(5);
        ClusterOptions options = _cluster.Options();
        options.RequestTimeout = TimeSpan.FromMilliseconds(100);
        using ClusterConnection connection = ClusterConnection.Open(options, TimeProvider.System);
        var reviewer = new KubernetesTokenReviewer(connection, TimeProvider.System);

        var exception = await Assert.ThrowsAsync<ClusterUnavailableException>(() => reviewer.ReviewAsync("token", Audience, CancellationToken.None));

        Assert.That(exception!.Message, Does.Contain("0.1 s"));
    }

    [Test]
    public async Task A_caller_that_gives_up_is_a_cancellation_and_no_failure()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.CatchAsync<OperationCanceledException>(() => _reviewer.ReviewAsync("token", Audience, cancelled.Token));
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"status":"yes"}""")]
    [TestCase("""{"status":{"authenticated":"true"}}""")]
    public async Task An_answer_that_is_no_review_is_no_answer(string body)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(context => AnswerAsync(context, body));
        using ClusterConnection connection = ClusterConnection.Open(api.Options(), TimeProvider.System);
        var reviewer = new KubernetesTokenReviewer(connection, TimeProvider.System);

        await Assert.ThrowsAsync<ClusterUnavailableException>(() => reviewer.ReviewAsync("token", Audience, CancellationToken.None));
    }

    [TestCase("""{"status":{"authenticated":true,"user":{"username":"jane"}}}""")]
    [TestCase("""{"status":{"authenticated":true,"user":{"username":"jane"},"audiences":["https://kubernetes.default.svc"]}}""")]
    [TestCase("""{"status":{"authenticated":true,"user":{"username":"jane"},"audiences":["Observability"]}}""")]
    [TestCase("""{"status":{"authenticated":true,"user":{},"audiences":["observability"]}}""")]
    [TestCase("""{"status":{"authenticated":true,"audiences":["observability"]}}""")]
    [TestCase("""{"status":{"authenticated":false,"user":{"username":"jane"},"audiences":["observability"]}}""")]
    [TestCase("""{"status":{"user":{"username":"jane"},"audiences":["observability"]}}""")]
    [TestCase("""{"status":{}}""")]
    public async Task A_review_without_yes_our_audience_and_a_user_is_a_no(string body)
    {
        await using ScriptedApi api = await ScriptedApi.StartAsync(context => AnswerAsync(context, body));
        using ClusterConnection connection = ClusterConnection.Open(api.Options(), TimeProvider.System);
        var reviewer = new KubernetesTokenReviewer(connection, TimeProvider.System);

        TokenReviewResult result = await reviewer.ReviewAsync("token", Audience, CancellationToken.None);

        Assert.That(result.Authenticated, Is.False);
        Assert.That(result.Identity, Is.Null);
    }

    private static Task AnswerAsync(HttpContext context, string body)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }
}
