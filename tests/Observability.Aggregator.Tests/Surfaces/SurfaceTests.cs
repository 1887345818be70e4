using Grpc.Core;
using Observability.Protocol.V1;

namespace Observability.Aggregator.Tests.Surfaces;

/// <summary>What the listeners of a running aggregator answer.</summary>
public class SurfaceTests
{
    private const string Names = "/api/v1/model/namespaces";
    private TestAggregator _aggregator = null!;

    [SetUp]
    public async Task Start() => _aggregator = await TestAggregator.StartAsync();

    [TearDown]
    public async Task Stop() => await _aggregator.DisposeAsync();

    private Uri Query => _aggregator.AggregatorHost.Endpoints.Query;

    private Uri Admin => _aggregator.AggregatorHost.Endpoints.Admin;

    [Test]
    public async Task A_tenant_is_shown_its_own_namespaces()
    {
        (int status, string head, string body) = await _aggregator.GetAsync(Query, Names, "q.acme");

        Assert.That(status, Is.EqualTo(200));
        Assert.That(head, Does.Contain("Cache-Control: private, no-store").And.Contain("X-Content-Type-Options: nosniff"));
        Assert.That(body, Does.Not.Contain("globex"));
    }

    [TestCase(null)]
    [TestCase("i.acme")]      // the ingest audience
    [TestCase("x.acme")]
    public async Task Without_a_valid_token_there_is_401(string? token)
    {
        (int status, string head, _) = await _aggregator.GetAsync(Query, Names, token);

        Assert.That(status, Is.EqualTo(401));
        Assert.That(head, Does.Contain("WWW-Authenticate: Bearer"));
    }

    [Test]
    public async Task Two_authorization_headers_are_none()
    {
        (int status, _, _) = await _aggregator.GetAsync(Query, Names, "q.acme", ("Authorization", "Bearer q.globex"));

        Assert.That(status, Is.EqualTo(401));
    }

    [Test]
    public async Task Forbidden_unknown_and_unrouted_are_the_same_answer_byte_for_byte()
    {
        var forbidden = await _aggregator.GetAsync(Query, "/tenants/globex" + Names, "q.acme");
        var unknown = await _aggregator.GetAsync(Query, "/tenants/nobody" + Names, "q.acme");
        var unrouted = await _aggregator.GetAsync(Query, "/no/such/route", "q.acme");
        var malformed = await _aggregator.GetAsync(Query, "/tenants/_system" + Names, "q.acme");

        Assert.That(forbidden.Status, Is.EqualTo(404));
        Assert.That(forbidden.Body, Is.EqualTo("""{"status":"error","errorType":"not_found","error":"not found"}"""));
        Assert.That(new[] { unknown, unrouted, malformed }, Is.All.EqualTo(forbidden));
    }

    [Test]
    public async Task An_api_server_that_does_not_answer_makes_503()
    {
        _aggregator.Down = true;

        (int status, _, string body) = await _aggregator.GetAsync(Query, Names, "q.acme");

        Assert.That(status, Is.EqualTo(503));
        Assert.That(body, Does.Contain("unavailable"));
    }

    [TestCase("/api/v1//model/namespaces")]
    [TestCase("/api/v1/./model/namespaces")]
    [TestCase("/api/v1/x/../model/namespaces")]
    [TestCase("/api/v1/%2e%2e/v1/model/namespaces")]
    [TestCase("/api/v1/model%2fnamespaces")]
    [TestCase("/api/v1/model%5cnamespaces")]
    [TestCase("/api/v1/%6dodel/namespaces")]
    [TestCase("/api/v1/model/namespaces;x=y")]
    [TestCase("/api/v1/model/%c0%afnamespaces")]
    [TestCase("/api/v1/model/%zz")]
    public async Task A_path_has_one_spelling(string target)
    {
        (int status, _, _) = await _aggregator.GetAsync(Query, target, "q.acme");

        Assert.That(status, Is.EqualTo(404));
    }

    [TestCase(Names + "?x=1")]
    [TestCase("/api/v1/model/metrics/cpu/usage_rate?start=1&start=2")]
    [TestCase("/api/v1/model/metrics/cpu/usage_rate?st%61rt=1&start=2")]
    public async Task Unknown_and_repeated_parameters_are_400(string target)
    {
        (int status, _, _) = await _aggregator.GetAsync(Query, target, "q.acme");

        Assert.That(status, Is.EqualTo(400));
    }

    [TestCase("X-Remote-User", "operator", ExpectedResult = 200)]
    [TestCase("X_Remote_User", "operator", ExpectedResult = 200)]
    [TestCase("Connection", "Authorization", ExpectedResult = 200)]
    [TestCase("Impersonate-User", "operator", ExpectedResult = 403)]
    [TestCase("Impersonate-Extra-a", "b", ExpectedResult = 403)]
    public async Task<int> Identity_headers_mean_nothing(string name, string value)
    {
        var plain = await _aggregator.GetAsync(Query, Names, "q.acme");

        var answer = await _aggregator.GetAsync(Query, Names, "q.acme", (name, value));

        if (answer.Status == 200)
            Assert.That(answer.Body, Is.EqualTo(plain.Body));
        return answer.Status;
    }

    [Test]
    public async Task Each_route_answers_on_its_own_listener_only()
    {
        string[] admin = ["/healthz", "/readyz", "/metrics"];
        foreach (string path in admin)
        {
            Assert.That((await _aggregator.GetAsync(Admin, path, null)).Status, Is.EqualTo(200), path);
            Assert.That((await _aggregator.GetAsync(Query, path, "q.operator")).Status, Is.EqualTo(404), path);
        }
        Assert.That((await _aggregator.GetAsync(Admin, Names, "q.operator")).Status, Is.EqualTo(404));

        foreach (Uri listener in new[] { _aggregator.AggregatorHost.Endpoints.Grpc })
        {
            using var call = new IngestService.IngestServiceClient(_aggregator.Channel(listener)).Push(new Metadata { { "authorization", "Bearer i.agent.n1" } });
            RpcException? refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.That(refused!.StatusCode, Is.EqualTo(StatusCode.Unimplemented));
        }
    }
}
