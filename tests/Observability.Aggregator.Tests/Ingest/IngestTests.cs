using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Observability.Aggregator.Ingest;
using Observability.Aggregator.ResourceSeries;
using Observability.Model;
using Observability.Protocol.Ingest;
using Observability.Protocol.V1;
using Observability.Storage;

namespace Observability.Aggregator.Tests.Ingest;

/// <summary>A collector of node n1 pushes to a running aggregator.</summary>
public class IngestTests
{
    private const string Token = "i.agent.n1";
    private TestAggregator _aggregator = null!;

    [SetUp]
    public async Task Start() => _aggregator = await TestAggregator.StartAsync();

    [TearDown]
    public async Task Stop() => await _aggregator.DisposeAsync();

    [Test]
    public async Task What_is_acknowledged_is_stored_under_labels_that_the_aggregator_sets()
    {
        using var stream = new CollectorStream(_aggregator, Token);
        await stream.HelloAsync("n1");
        await stream.DefineAsync(1, TestAggregator.Web, _aggregator.TenantOf(TestAggregator.Web), labels: ["scope", "hierarchy"]);

        await stream.BatchAsync(1, new BatchSample(1, _aggregator.NowMs, 42));

        Assert.That(await stream.AckAsync(), Is.EqualTo(1));
        SelectedSeries series = _aggregator.Stored("container_memory_rss").Single();
        Assert.That(series.Tenant.ToString(), Is.EqualTo(_aggregator.TenantOf(TestAggregator.Web)));
        Assert.That(series.Labels, Is.EqualTo(LabelSet.Of(("__name__", "container_memory_rss"), ("job", "kubelet"), ("metrics_path", "/metrics/cadvisor"),
            ("node", "n1"), ("instance", "n1"), ("cluster", "default"), ("tenant", "acme"), ("namespace", "acme-web"), ("pod", "web"),
            ("container", "main"), ("scope", "hierarchy"))));
    }

    [Test]
    public async Task A_pod_of_another_node_is_refused_and_counted()
    {
        using var stream = new CollectorStream(_aggregator, Token);
        await stream.HelloAsync("n1");

        await stream.DefineAsync(1, TestAggregator.Prod, _aggregator.TenantOf(TestAggregator.Prod));
        await stream.BatchAsync(1, new BatchSample(1, _aggregator.NowMs, 1));

        Assert.That(await stream.RefusalAsync(), Is.EqualTo(RefusalReason.PodNotOnNode));
        Assert.That(await stream.AckAsync(), Is.EqualTo(1));
        Assert.That(_aggregator.Stored("container_memory_rss"), Is.Empty);
        Assert.That(await _aggregator.MetricsAsync(), Does.Match("ingest_refusals.*pod_not_on_node\"} 1"));
    }

    [Test]
    public async Task A_pod_that_writes_another_pods_config_hash_upon_itself_is_not_told_as_its_owner()
    {
        using var stream = new CollectorStream(_aggregator, Token);
        await stream.HelloAsync("n1");
        string hash = new('a', 32);
        _aggregator.Directory.Upsert(TestAggregator.Namespace("kube-system", "x", version: 20));
        _aggregator.Directory.NamespacesObservedAt(30);
        _aggregator.Directory.Upsert(TestAggregator.Pod("mirror", "kube-system", "etcd", "n1") with { CgroupUid = hash, ResourceVersion = 21 });
        DirectoryPod mirror = (await stream.NextAsync(AggregatorMessage.MessageOneofCase.Directory)).Directory.Pods.Single();

        _aggregator.Directory.Upsert(TestAggregator.Pod("attacker", "acme-web", "attacker", "n1") with { CgroupUid = hash, ResourceVersion = 22 });

        DirectoryPod attacker = (await stream.NextAsync(AggregatorMessage.MessageOneofCase.Directory)).Directory.Pods.Single();
        Assert.That((mirror.Uid, mirror.CgroupUid), Is.EqualTo(("mirror", hash)));
        Assert.That((attacker.Uid, attacker.CgroupUid), Is.EqualTo(("attacker", "attacker")));
    }

    [TestCase("no-such-pod", "acme", "container_memory_rss", RowKind.Container, ExpectedResult = RefusalReason.PodUnknown)]
    [TestCase(TestAggregator.Web, "globex", "container_memory_rss", RowKind.Container, ExpectedResult = RefusalReason.TenantMismatch)]
    [TestCase(TestAggregator.Web, "acme", "container_memory_rss", RowKind.Container, "namespace", "x", ExpectedResult = RefusalReason.ReservedLabel)]
    [TestCase(TestAggregator.Web, "acme", "container_memory_rss", RowKind.Container, "instance", "x", ExpectedResult = RefusalReason.ReservedLabel)]
    [TestCase(TestAggregator.Web, "acme", "container_memory_rss", RowKind.Container, "id", "/x", ExpectedResult = RefusalReason.Invalid)]
    [TestCase(TestAggregator.Web, "acme", "container_memory_rss", RowKind.Container, "a", "1", "a", "2", ExpectedResult = RefusalReason.Invalid)]
    [TestCase(TestAggregator.Web, "acme", "kube_pod_container_resource_limits", RowKind.Container, ExpectedResult = RefusalReason.Invalid)]
    [TestCase(TestAggregator.Web, "acme", "bad name", RowKind.Container, ExpectedResult = RefusalReason.Invalid)]
    [TestCase(TestAggregator.Web, "acme", "container_memory_rss", RowKind.Sandbox, ExpectedResult = RefusalReason.Invalid)]
    [TestCase(TestAggregator.Host, "acme", "container_network_receive_bytes_total", RowKind.Sandbox, ExpectedResult = RefusalReason.HostNetwork)]
    [TestCase("", "acme", "node_cpu_usage_seconds_total", RowKind.Node, ExpectedResult = RefusalReason.TenantMismatch)]
    public async Task<RefusalReason> A_definition_is_refused_with_its_reason(string pod, string tenant, string name, RowKind kind, params string[] labels)
    {
        using var stream = new CollectorStream(_aggregator, Token);
        await stream.HelloAsync("n1");
        string uid = tenant == "acme" ? _aggregator.TenantOf(TestAggregator.Web) : _aggregator.TenantOf(TestAggregator.Prod);

        await stream.DefineAsync(1, pod, uid, name, kind, labels);

        return await stream.RefusalAsync();
    }

    [Test]
    public async Task A_label_value_over_the_limit_is_refused()
    {
        using var stream = new CollectorStream(_aggregator, Token);
        Welcome welcome = await stream.HelloAsync("n1");

        await stream.DefineAsync(1, TestAggregator.Web, _aggregator.TenantOf(TestAggregator.Web), labels: ["a", new string('x', (int)welcome.Limits.MaxLabelValueBytes + 1)]);

        Assert.That(await stream.RefusalAsync(), Is.EqualTo(RefusalReason.Limit));
    }

    [Test]
    public async Task A_redelivered_batch_changes_nothing_and_is_acknowledged_again()
    {
        using (var stream = new CollectorStream(_aggregator, Token))
        {
            await stream.HelloAsync("n1");
            await stream.DefineAsync(1, TestAggregator.Web, _aggregator.TenantOf(TestAggregator.Web));
            await stream.BatchAsync(7, new BatchSample(1, _aggregator.NowMs, 42));
            await stream.AckAsync();
        }

        using var again = new CollectorStream(_aggregator, Token);
        Welcome welcome = await again.HelloAsync("n1");
        await again.DefineAsync(1, TestAggregator.Web, _aggregator.TenantOf(TestAggregator.Web));
        await again.BatchAsync(7, new BatchSample(1, _aggregator.NowMs, 42));

        Assert.That(welcome.AcknowledgedSequence, Is.EqualTo(7));
        Assert.That(await again.AckAsync(), Is.EqualTo(7));
        List<Sample> samples = [];
        _aggregator.Stored("container_memory_rss").Single().CopyTo(samples);
        Assert.That(samples, Is.EqualTo(new[] { new Sample(_aggregator.NowMs, 42) }));
    }

    [Test]
    public async Task A_newer_stream_of_a_node_takes_over()
    {
        using var old = new CollectorStream(_aggregator, Token);
        await old.HelloAsync("n1");

        using var newer = new CollectorStream(_aggregator, Token);
        await newer.HelloAsync("n1", "c2");

        Assert.That(await old.EndAsync(), Is.EqualTo(StatusCode.Aborted));
    }

    [TestCase("q.collector", ExpectedResult = StatusCode.Unauthenticated)] // the query audience
    [TestCase("i.agent.n2", ExpectedResult = StatusCode.PermissionDenied)] // another node's token, without the right
    [TestCase("i.acme", ExpectedResult = StatusCode.PermissionDenied)]
    public async Task<StatusCode> A_token_that_may_not_deliver_for_the_node_opens_no_stream(string token)
    {
        using var stream = new CollectorStream(_aggregator, token);
        try
        {
            await stream.SendAsync(new CollectorMessage { Hello = new Hello { Node = "n1", CollectorId = "c1", Protocol = 1 } });
        }
        catch (RpcException)
        {
            // refused before it was read
        }

        return await stream.EndAsync();
    }

    [Test]
    public async Task A_malformed_batch_ends_its_stream_alone()
    {
        using var other = new CollectorStream(_aggregator, "i.agent.n2");
        await other.HelloAsync("n2");
        using var stream = new CollectorStream(_aggregator, Token);
        await stream.HelloAsync("n1");

        await stream.SendAsync(new CollectorMessage { Batch = new ScrapeBatch { Sequence = 1, Count = 5, Refs = Google.Protobuf.ByteString.CopyFrom(0xff) } });

        Assert.That(await stream.EndAsync(), Is.EqualTo(StatusCode.InvalidArgument));
        await other.BatchAsync(1);
        Assert.That(await other.AckAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_message_over_the_limit_ends_the_stream()
    {
        using var stream = new CollectorStream(_aggregator, Token);
        Welcome welcome = await stream.HelloAsync("n1");

        try
        {
            await stream.SendAsync(new CollectorMessage { Loss = new LossReport { Reason = new string('x', (int)welcome.Limits.MaxMessageBytes + 1) } });
        }
        catch (RpcException)
        {
            // the aggregator need not read it to its end
        }

        Assert.That(await stream.EndAsync(), Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [Test]
    public async Task When_a_namespace_changes_hands_each_sample_goes_to_the_owner_of_its_time()
    {
        using var stream = new CollectorStream(_aggregator, Token);
        await stream.HelloAsync("n1");
        string acme = _aggregator.TenantOf(TestAggregator.Web);
        await stream.DefineAsync(1, TestAggregator.Web, acme);
        long before = _aggregator.NowMs;
        await stream.BatchAsync(1, new BatchSample(1, before, 1));
        await stream.AckAsync();
        _aggregator.Time.Advance(TimeSpan.FromSeconds(5));

        _aggregator.Directory.Upsert(TestAggregator.Namespace("acme-web", "globex", version: 20));

        Resync resync = (await stream.NextAsync(AggregatorMessage.MessageOneofCase.Resync)).Resync;
        Assert.That(resync.PodUids, Does.Contain(TestAggregator.Web));
        _aggregator.Time.Advance(TimeSpan.FromSeconds(5));
        await stream.DefineAsync(2, TestAggregator.Web, _aggregator.TenantOf(TestAggregator.Web));
        await stream.BatchAsync(2, new BatchSample(2, before + 1000, 2), new BatchSample(2, _aggregator.NowMs, 3));
        await stream.AckAsync();
        Dictionary<string, List<double>> values = [];
        foreach (SelectedSeries series in _aggregator.Stored("container_memory_rss"))
        {
            List<Sample> samples = [];
            series.CopyTo(samples);
            values[series.Labels["tenant"]!] = [.. samples.Select(sample => sample.Value).Where(value => !double.IsNaN(value))];
        }
        Assert.That(values["acme"], Is.EqualTo(new[] { 1.0, 2.0 }));
        Assert.That(values["globex"], Is.EqualTo(new[] { 3.0 }));
    }

    [Test]
    public async Task Series_of_a_collector_that_does_not_come_back_end_after_the_grace()
    {
        using (var stream = new CollectorStream(_aggregator, Token))
        {
            await stream.HelloAsync("n1");
            await stream.DefineAsync(1, TestAggregator.Web, _aggregator.TenantOf(TestAggregator.Web));
            await stream.BatchAsync(1, new BatchSample(1, _aggregator.NowMs, 42));
            await stream.AckAsync();
            await stream.CloseAsync();
        }
        NodeStreams nodes = _aggregator.AggregatorHost.Services.GetRequiredService<NodeStreams>();

        _aggregator.Time.Advance(TimeSpan.FromMinutes(4));
        await nodes.SweepAsync(_ => true, CancellationToken.None);
        int before = Values().Count;
        _aggregator.Time.Advance(TimeSpan.FromMinutes(2));
        await nodes.SweepAsync(_ => true, CancellationToken.None);

        Assert.That(before, Is.EqualTo(1));
        Assert.That(StaleMarker.Is(Values()[^1].Value), Is.True);

        List<Sample> Values()
        {
            List<Sample> samples = [];
            _aggregator.Stored("container_memory_rss").Single().CopyTo(samples);
            return samples;
        }
    }

    [Test]
    public async Task Requests_of_running_containers_are_written_into_the_tenants_partition()
    {
        await _aggregator.AggregatorHost.Services.GetRequiredService<ResourceSeriesWriter>().WriteAsync(CancellationToken.None);

        SelectedSeries series = _aggregator.Stored("kube_pod_container_resource_requests").Single(series => series.Labels["pod"] == "web");
        List<Sample> samples = [];
        series.CopyTo(samples);
        Assert.That(series.Labels["container"], Is.EqualTo("main")); // the init container asks for more, but runs before
        Assert.That(series.Tenant.ToString(), Is.EqualTo(_aggregator.TenantOf(TestAggregator.Web)));
        Assert.That(samples[^1].Value, Is.EqualTo(0.25));
        Assert.That(_aggregator.Stored("kube_node_status_capacity").Select(capacity => capacity.Tenant).Distinct(), Is.EqualTo(new[] { TenantUid.System }));
    }
}
