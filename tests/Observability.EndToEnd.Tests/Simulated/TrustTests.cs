using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Observability.Collector;
using Observability.Collector.Scraping;
using Observability.Model;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;
using Observability.Simulator;
using Observability.Storage;
using DirectoryPod = Observability.Tenancy.DirectoryPod;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>What tokens and rights are good for, and for how long.</summary>
[CancelAfter(300_000)]
internal sealed class TrustTests
{
    private const string Namespaces = "api/v1/model/namespaces/";
    private const double Claimed = 424_242_424;

    [Test]
    public async Task A_collector_that_claims_another_nodes_pod_is_refused_and_counted_and_stores_nothing(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        await deployment.StepAsync(2, cancellationToken);
        PodInfo foreign = deployment.Simulator.World.Pods.First(pod => pod is { Namespace: "acme-web", Node: "node-2", Phase: "Running" });
        PodInfo own = deployment.Simulator.World.Pods.First(pod => pod is { Namespace: "acme-web", Node: "node-1", Phase: "Running" });
        using GrpcChannel channel = GrpcChannel.ForAddress(deployment.Aggregator.Endpoints.Ingest);
        string token = deployment.Simulator.IssueToken("observability", "collector", ["observability-ingest"], "node-1");

        using AsyncDuplexStreamingCall<CollectorMessage, AggregatorMessage> stream = Push(channel, token, cancellationToken);
        await stream.RequestStream.WriteAsync(Hello("node-1"), cancellationToken);
        await stream.RequestStream.WriteAsync(Define(deployment, [(1, foreign), (2, own)]), cancellationToken);
        var batch = new ScrapeBatch { Sequence = 1, ScrapeTimeMs = deployment.Time.GetUtcNow().ToUnixTimeMilliseconds() };
        BatchCodec.Encode([new BatchSample(1, batch.ScrapeTimeMs, Claimed), new BatchSample(2, batch.ScrapeTimeMs, Claimed)], batch);
        await stream.RequestStream.WriteAsync(new CollectorMessage { Batch = batch }, cancellationToken);
        Refusals? refusals = null;
        while (await stream.ResponseStream.MoveNext(cancellationToken) && stream.ResponseStream.Current.Ack is null)
            refusals ??= stream.ResponseStream.Current.Refusals;

        Assert.That(refusals!.Refusals_.Select(refusal => (refusal.Ref, refusal.Reason)), Is.EqualTo(new[] { (1u, RefusalReason.PodNotOnNode) }));
        Assert.That(await deployment.OwnMetricsAsync(cancellationToken), Does.Match("ingest_refusals.*reason=\"pod_not_on_node\"\\} 1\n"));
        string[] stored = [.. deployment.Stored(Matcher.Equal(LabelNames.MetricName, "container_memory_rss"))
            .Where(series => SampleTrapTests.Samples(series).Any(sample => sample.Value == Claimed)).Select(series => series.Labels[LabelNames.Pod]!)];
        Assert.That(stored, Is.EqualTo(new[] { own.Name }));
    }

    [Test]
    public async Task A_token_of_one_node_opens_no_stream_for_another(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        using GrpcChannel channel = GrpcChannel.ForAddress(deployment.Aggregator.Endpoints.Ingest);

        foreach ((string[] audiences, StatusCode expected) in new[]
        {
            (new[] { "observability-ingest" }, StatusCode.PermissionDenied), (["observability"], StatusCode.Unauthenticated),
        })
        {
            string token = deployment.Simulator.IssueToken("observability", "collector", audiences, "node-1");
            using AsyncDuplexStreamingCall<CollectorMessage, AggregatorMessage> stream = Push(channel, token, cancellationToken);
            RpcException refused = (await Assert.ThrowsAsync<RpcException>(async () =>
            {
                // A token of the wrong audience is refused before anything is read: a message on its way would race the refusal.
                if (expected == StatusCode.PermissionDenied)
                    await stream.RequestStream.WriteAsync(Hello("node-2"), cancellationToken);
                await stream.ResponseStream.MoveNext(cancellationToken);
            }))!;
            Assert.That(refused.StatusCode, Is.EqualTo(expected));
        }
    }

    [Test]
    public async Task A_right_that_is_taken_away_answers_no_query_after_10_s(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        string acme = deployment.Token("acme-web", "viewer");
        await deployment.StepAsync(2, cancellationToken);
        await deployment.NamesAsync(acme, Namespaces);

        deployment.Simulator.World.RemoveBinding(null, "tenant-acme-viewer");
        deployment.Time.Advance(TimeSpan.FromSeconds(10));

        foreach (string path in new[] { Namespaces, $"{Namespaces}acme-web/pods/", $"tenants/acme/{Namespaces}", $"{Namespaces}acme-web/metrics/memory/working_set" })
        {
            (HttpStatusCode status, string body) = await deployment.GetAsync(acme, path);
            Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound), path);
            Assert.That(body, Does.Not.Contain("acme"));
        }
        Assert.That(await deployment.NamesAsync(deployment.Token("globex-prod", "viewer"), Namespaces), Is.EqualTo(new[] { "globex-prod" }));
    }

    [Test]
    public async Task A_right_that_is_taken_away_ends_a_watch_within_10_s(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        await deployment.StepAsync(6, cancellationToken);
        using GrpcChannel channel = GrpcChannel.ForAddress(deployment.Aggregator.Endpoints.Grpc);
        using AsyncServerStreamingCall<WatchResponse> watch = Watch(channel, deployment.Token("acme-web", "viewer"), "acme-web", cancellationToken);
        using AsyncServerStreamingCall<WatchResponse> other = Watch(channel, deployment.Token("globex-prod", "viewer"), "globex-prod", cancellationToken);
        Assert.That(await watch.ResponseStream.MoveNext(cancellationToken) && await other.ResponseStream.MoveNext(cancellationToken), Is.True);
        Task<StatusCode> ended = EndAsync(watch, cancellationToken);
        Task<StatusCode> otherEnded = EndAsync(other, cancellationToken);

        deployment.Simulator.World.RemoveBinding(null, "tenant-acme-viewer");
        for (int second = 0; second < 10 && !ended.IsCompleted; second++)
        {
            deployment.Time.Advance(TimeSpan.FromSeconds(1));
            // Reviews are real requests: what is under way at this moment should be answered in it.
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken));
        }

        // The clock stands, at 10 s at most: what is not ended by now never ends.
        Assert.That(await ended.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(otherEnded.IsCompleted, Is.False, "who kept the right goes on watching");
    }

    [Test]
    public async Task Scrapes_go_on_when_a_collectors_token_is_rotated(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 1), cancellationToken);
        string file = deployment.KubeletTokenFile("node-1");
        NodeCollector collector = deployment.Collectors.Single();
        await deployment.StepAsync(3, cancellationToken);
        string old = await File.ReadAllTextAsync(file, cancellationToken);
        DateTimeOffset rotated = deployment.Time.GetUtcNow();

        string fresh = await deployment.Simulator.RotateTokenAsync(file, "observability", "collector", [ClusterSimulator.ApiAudience], "node-1", cancellationToken);
        deployment.Time.Advance(SimulatedDeployment.Step);
        ScrapeOutcome outcome = await collector.ScrapeAsync(deployment.Time.GetUtcNow(), summary: true, cancellationToken);
        await deployment.StepAsync(2, cancellationToken);

        Assert.That(fresh, Is.Not.EqualTo(old));
        Assert.That(outcome.Succeeded, Is.True);
        PodInfo pod = deployment.Simulator.World.Pods.First(pod => pod.Namespace == "acme-web" && pod.Phase == "Running");
        (DateTimeOffset Time, double Value)[] usage = await RowTrapTests.CpuAsync(deployment, deployment.Token("acme-web", "viewer"), pod);
        Assert.That(usage.Count(point => point.Time > rotated), Is.GreaterThanOrEqualTo(2));
        await File.WriteAllTextAsync(file, old, cancellationToken);
        outcome = await collector.ScrapeAsync(deployment.Time.GetUtcNow(), summary: false, cancellationToken);
        Assert.That(outcome.Succeeded, Is.False, "the old token was revoked");
    }

    private static AsyncDuplexStreamingCall<CollectorMessage, AggregatorMessage> Push(GrpcChannel channel, string token, CancellationToken cancellationToken) =>
        new IngestService.IngestServiceClient(channel).Push(Bearer(token), cancellationToken: cancellationToken);

    private static AsyncServerStreamingCall<WatchResponse> Watch(GrpcChannel channel, string token, string ns, CancellationToken cancellationToken) =>
        new ModelService.ModelServiceClient(channel).Watch(
            new WatchRequest { Object = new ModelObject { Namespace = ns }, Metrics = { "memory/working_set" } }, Bearer(token), cancellationToken: cancellationToken);

    private static Metadata Bearer(string token) => new() { { "authorization", "Bearer " + token } };

    private static CollectorMessage Hello(string node) => new() { Hello = new Hello { Node = node, CollectorId = "claims", Protocol = 1 } };

    private static CollectorMessage Define(SimulatedDeployment deployment, params (uint Ref, PodInfo Pod)[] series)
    {
        var definitions = new SeriesDefinitions { Symbols = { "container_memory_rss" } };
        foreach ((uint reference, PodInfo pod) in series)
        {
            Assert.That(deployment.Tenants.Current.TryGetPod(pod.Uid, out DirectoryPod? known), Is.True);
            definitions.Series.Add(new SeriesDefinition
            {
                Ref = reference, Name = 0, Kind = RowKind.Container, PodUid = pod.Uid, Container = "claimed", Tenant = known!.Tenant.ToString(), MetricsPath = "/metrics/cadvisor",
            });
        }
        return new CollectorMessage { Definitions = definitions };
    }

    private static async Task<StatusCode> EndAsync(AsyncServerStreamingCall<WatchResponse> watch, CancellationToken cancellationToken)
    {
        try
        {
            while (await watch.ResponseStream.MoveNext(cancellationToken))
            {
                // Points that come before the end are the right's.
            }
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }
}
