namespace Observability.Access.Tests.Authorization;

public sealed class CollectTests : IDisposable
{
    private const string Here = "create samples.observability.io @";
    private readonly AccessBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [TestCase("n1", "n1", Here, ExpectedResult = AccessOutcome.Granted)]
    [TestCase("n1", "n2", Here, ExpectedResult = AccessOutcome.Denied)]
    [TestCase("n1", "N1", Here, ExpectedResult = AccessOutcome.Denied)]
    [TestCase(null, "n1", Here, ExpectedResult = AccessOutcome.Denied)]
    [TestCase(null, "n2", "create nodes/samples.observability.io n2@", ExpectedResult = AccessOutcome.Granted)]
    [TestCase(null, "n1", "create nodes/samples.observability.io n2@", ExpectedResult = AccessOutcome.Denied)]
    [TestCase("n1", "n2", "create nodes/samples.observability.io n2@", ExpectedResult = AccessOutcome.Granted)]
    [TestCase("n1", "", Here, ExpectedResult = AccessOutcome.Denied)]
    [TestCase("n1", "n1/../n2", Here, ExpectedResult = AccessOutcome.Denied)]
    public async Task<AccessOutcome> A_collector_delivers_for_the_node_it_is_bound_to_or_has_an_explicit_right_for(string? bound, string node, string right)
    {
        _bench.Api.Allow("collector", right);

        return (await _bench.Authorizer.MayCollectAsync(FakeApiServer.Caller("collector", bound), node, CancellationToken.None)).Outcome;
    }

    [Test]
    public async Task A_token_with_two_nodes_is_bound_to_none()
    {
        _bench.Api.Allow("collector", Here);
        CallerIdentity caller = FakeApiServer.Caller("collector", "n1");
        caller = caller with { Extra = new Dictionary<string, System.Collections.Immutable.ImmutableArray<string>> { ["authentication.kubernetes.io/node-name"] = ["n1", "n2"] } };

        Assert.That((await _bench.Authorizer.MayCollectAsync(caller, "n1", CancellationToken.None)).IsGranted, Is.False);
    }

    [Test]
    public async Task Where_the_API_server_fails_nobody_may_collect()
    {
        _bench.Api.Allow("collector", Here);
        _bench.Api.Broken = true;

        CollectResult result = await _bench.Authorizer.MayCollectAsync(FakeApiServer.Caller("collector", "n1"), "n1", CancellationToken.None);

        Assert.That(result.Outcome, Is.EqualTo(AccessOutcome.Unavailable));
    }
}
