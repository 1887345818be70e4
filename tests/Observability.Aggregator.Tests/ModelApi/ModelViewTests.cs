using Observability.Aggregator.ModelApi;
using Observability.Model;
using static Observability.Aggregator.Tests.ModelApi.Cluster;

namespace Observability.Aggregator.Tests.ModelApi;

public sealed class ModelViewTests
{
    private const string Cpu = "container_cpu_usage_seconds_total";
    private const string Memory = "container_memory_working_set_bytes";
    private static readonly ObjectPath Web = ObjectPath.OfNamespace("acme-web");
    private static readonly ObjectPath Frontend = ObjectPath.OfPod("acme-web", "frontend");

    [Test]
    public async Task A_pods_cpu_rate_is_in_millicores_and_stands_at_the_newer_samples_time()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "frontend"), (1.5, 10), (17.25, 13.15), (33, 13.15));

        Assert.That(Relative(cluster.Points(AcmeScope, Frontend, "cpu/usage_rate")!), Is.EqualTo(new[] { (17.25, 200.0), (33, 0.0) }));
    }

    [Test]
    public async Task A_sample_that_comes_twice_changes_nothing()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "frontend"), (0, 10), (16, 12));
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "frontend"), (16, 12));
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "frontend"), (32, 14));

        Assert.That(Relative(cluster.Points(AcmeScope, Frontend, "cpu/usage_rate")!), Is.EqualTo(new[] { (16, 125.0), (32, 125.0) }));
    }

    [Test]
    public async Task Cpu_usage_is_in_whole_nanoseconds()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "frontend"), (0, 12.345678901));

        Assert.That(cluster.Points(AcmeScope, Frontend, "cpu/usage")!.Single().Value, Is.EqualTo(12345678901));
    }

    [Test]
    public async Task A_pod_is_its_own_row_and_not_the_sum_of_its_containers()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "frontend"), (10, 100));
        await cluster.WriteAsync(Acme, ContainerRow(Memory, "acme-web", "frontend", "web"), (8, 70));
        await cluster.WriteAsync(Acme, ContainerRow(Memory, "acme-web", "frontend", "log"), (9, 50)); // children can be above their parent

        Assert.That(Relative(cluster.Points(AcmeScope, Frontend, "memory/working_set")!), Is.EqualTo(new[] { (10, 100.0) }));
        Assert.That(Relative(cluster.Points(AcmeScope, ObjectPath.OfContainer("acme-web", "frontend", "web"), "memory/working_set")!), Is.EqualTo(new[] { (8, 70.0) }));
    }

    [Test]
    public async Task Rows_of_another_endpoint_with_the_same_name_do_not_count()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "frontend"), (10, 100));
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "frontend").With("metrics_path", "/metrics/resource"), (10, 7));

        Assert.That(cluster.Points(AcmeScope, Frontend, "memory/working_set")!.Single().Value, Is.EqualTo(100));
    }

    [Test]
    public async Task A_pods_network_is_the_sum_of_its_interfaces_at_their_common_times()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow("container_network_receive_bytes_total", "acme-web", "frontend", ("interface", "eth0")), (1, 0), (11, 1000));
        await cluster.WriteAsync(Acme, PodRow("container_network_receive_bytes_total", "acme-web", "frontend", ("interface", "net1")), (1, 50), (11, 250));

        Assert.That(Relative(cluster.Points(AcmeScope, Frontend, "network/rx_rate")!), Is.EqualTo(new[] { (11, 120.0) }));
        Assert.That(Relative(cluster.Points(AcmeScope, Frontend, "network/rx")!), Is.EqualTo(new[] { (1, 50.0), (11, 1250.0) }));
    }

    [Test]
    public async Task A_nodes_network_is_that_of_its_uplinks()
    {
        using var cluster = new Cluster(now: 60);
        foreach ((string name, double bytes) in ((string, double)[])[("eth0", 1000), ("cni0", 900), ("veth12ab", 800), ("ifb0", 5)])
            await cluster.WriteAsync(TenantUid.System, RootRow("container_network_receive_bytes_total", "n1", ("interface", name)), (1, bytes));

        Assert.That(cluster.Points(OperatorScope, ObjectPath.OfNode("n1"), "network/rx")!.Single().Value, Is.EqualTo(1000));
    }

    [Test]
    public async Task A_namespace_is_summed_on_a_fixed_grid_and_its_newest_point_has_every_pod()
    {
        using var cluster = new Cluster(now: 50);
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "a"), (2, 10), (18, 11), (34, 12), (47, 13));
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "b"), (9, 100), (25, 200), (41, 300));

        (double, double)[] points = Relative(cluster.Points(AcmeScope, Web, "memory/working_set")!);

        // b has not reported past 41 s yet, so 45 s waits.
        Assert.That(points, Is.EqualTo(new[] { (15, 110.0), (30, 211.0) }));
    }

    [Test]
    public async Task A_pod_whose_newest_sample_is_older_makes_no_dip()
    {
        using var cluster = new Cluster();
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "a"), [.. Enumerable.Range(0, 40).Select(i => (i * 15 + 3.0, 10.0))]);
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "b"), [.. Enumerable.Range(0, 14).Select(i => (i * 42 + 1.0, 100.0))]);

        for (double now = 120; now < 580; now += 7)
        {
            cluster.MoveTo(now);
            Assert.That(cluster.Points(AcmeScope, Web, "memory/working_set", from: 30, to: Math.Min(now, 546))!.Select(point => point.Value), Is.All.EqualTo(110), $"at {now} s");
        }
    }

    [Test]
    public async Task A_pod_that_stopped_reporting_is_waited_for_and_then_left_out()
    {
        using var cluster = new Cluster(now: 300);
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "a"), [.. Enumerable.Range(0, 20).Select(i => (i * 15.0, 10.0))]);
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "lost"), (0, 100), (15, 100));

        (double Time, double Value)[] points = Relative(cluster.Points(AcmeScope, Web, "memory/working_set")!);

        Assert.That(points.Single(point => point.Time == 75).Value, Is.EqualTo(110), "60 s behind its last sample it still stands");
        Assert.That(points.Single(point => point.Time == 90).Value, Is.EqualTo(10));
        Assert.That(points[^1].Time, Is.EqualTo(285), "and it holds up nothing any more");
    }

    [Test]
    public async Task A_pod_that_ended_leaves_the_sum_at_once()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "a"), (0, 10), (15, 10), (30, 10), (45, 10));
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "job"), (0, 100), (16, 100), (16, StaleMarker.Value));

        Assert.That(Relative(cluster.Points(AcmeScope, Web, "memory/working_set")!), Is.EqualTo(new[] { (0, 110.0), (15, 110.0), (30, 10.0), (45, 10.0) }));
    }

    [Test]
    public async Task A_namespaces_rate_is_the_sum_of_the_rates_around_the_grid_time()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "a"), (10, 0), (20, 1), (40, 5));
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "b"), (5, 0), (35, 6), (45, 8));

        Assert.That(Relative(cluster.Points(AcmeScope, Web, "cpu/usage_rate")!), Is.EqualTo(new[] { (15, 300.0), (30, 400.0) }));
    }

    [Test]
    public async Task A_namespaces_counter_never_falls_when_a_pod_ends()
    {
        using var cluster = new Cluster(now: 100);
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "a"), (0, 1), (30, 2), (60, 3), (90, 4));
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "job"), (0, 100), (31, 101), (31, StaleMarker.Value));

        Assert.That(Relative(cluster.Points(AcmeScope, Web, "cpu/usage", from: 30)!),
            Is.EqualTo(new[] { (30, 102e9), (45, 103e9), (60, 104e9), (75, 104e9), (90, 105e9) }));
    }

    [Test]
    public async Task For_a_tenant_the_cluster_is_what_it_may_see()
    {
        using var cluster = new Cluster(now: 30);
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "a"), (0, 10), (15, 10));
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-batch", "b"), (0, 5), (15, 5));
        await cluster.WriteAsync(Globex, PodRow(Memory, "globex-prod", "c"), (0, 1000), (15, 1000));
        await cluster.WriteAsync(TenantUid.System, RootRow(Memory, "n1"), (0, 5000), (15, 5000));
        await cluster.WriteAsync(TenantUid.System, RootRow(Memory, "n2"), (0, 6000), (15, 6000));

        Assert.That(cluster.Points(AcmeScope, ObjectPath.Everything, "memory/working_set")!.Select(point => point.Value), Is.All.EqualTo(15));
        Assert.That(cluster.Points(NamespaceScope("acme-web"), ObjectPath.Everything, "memory/working_set")!.Select(point => point.Value), Is.All.EqualTo(10));
        Assert.That(cluster.Points(OperatorScope, ObjectPath.Everything, "memory/working_set")!.Select(point => point.Value), Is.All.EqualTo(11000), "nodes, system included");
        Assert.That(cluster.Points(OperatorScope.Only(Acme), ObjectPath.Everything, "memory/working_set")!.Select(point => point.Value), Is.All.EqualTo(15), "an operator who names a tenant");
    }

    [Test]
    public async Task Node_utilization_and_reservation_are_shares_of_what_is_allocatable()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(TenantUid.System, RootRow(Cpu, "n1"), (1, 0), (11, 17.2));
        await cluster.WriteAsync(TenantUid.System, Watched("kube_node_status_allocatable", "n1", "cpu", ("unit", "core")), (0, 4), (15, 4));
        await cluster.WriteAsync(Acme, Watched("kube_pod_container_resource_requests", "n1", "cpu", ("namespace", "acme-web"), ("pod", "a"), ("container", "c")), (0, 1), (15, 1));
        await cluster.WriteAsync(Globex, Watched("kube_pod_container_resource_requests", "n1", "cpu", ("namespace", "globex-prod"), ("pod", "b"), ("container", "c")), (0, 0.5), (15, 0.5));

        Assert.That(Relative(cluster.Points(OperatorScope, ObjectPath.OfNode("n1"), "cpu/node_utilization")!), Is.EqualTo(new[] { (11, 0.43) }));
        Assert.That(cluster.Points(OperatorScope, ObjectPath.OfNode("n1"), "cpu/node_reservation")!.Select(point => point.Value), Is.All.EqualTo(0.375));
        Assert.That(cluster.Points(OperatorScope, ObjectPath.OfNode("n1"), "cpu/node_allocatable")!.Select(point => point.Value), Is.All.EqualTo(4000));
        Assert.That(cluster.Points(OperatorScope, ObjectPath.OfNode("n1"), "cpu/request")!.Select(point => point.Value), Is.All.EqualTo(1500));
        Assert.That(cluster.Points(AcmeScope, Web, "cpu/request")!.Select(point => point.Value), Is.All.EqualTo(1000));
    }

    [Test]
    public async Task A_labelled_metric_is_asked_for_by_its_whole_label_set_or_as_a_sum()
    {
        using var cluster = new Cluster(now: 120);
        cluster.KnowPod("acme-web", "frontend", "web");
        foreach (double time in (double[])[0, 60])
        {
            await cluster.WriteAsync(Acme, SummaryRow("container_fs_usage_bytes", ("namespace", "acme-web"), ("pod", "frontend"), ("container", "web"), ("device", "rootfs")), (time, 10));
            await cluster.WriteAsync(Acme, SummaryRow("container_fs_usage_bytes", ("namespace", "acme-web"), ("pod", "frontend"), ("container", "web"), ("device", "logs")), (time, 3));
            await cluster.WriteAsync(Acme, SummaryRow("pod_volume_used_bytes", ("namespace", "acme-web"), ("pod", "frontend"), ("volume", "data")), (time, 100));
            await cluster.WriteAsync(Acme, SummaryRow("pod_volume_capacity_bytes", ("namespace", "acme-web"), ("pod", "frontend"), ("volume", "data")), (time, 250));
        }
        ObjectPath container = ObjectPath.OfContainer("acme-web", "frontend", "web");

        Assert.That(Values(container, "filesystem/usage", ("resource_id", "/")), Is.All.EqualTo(10));
        Assert.That(Values(container, "filesystem/usage", ("resource_id", "logs")), Is.All.EqualTo(3));
        Assert.That(Values(container, "filesystem/usage"), Is.All.EqualTo(13));
        Assert.That(Values(container, "filesystem/usage", ("resource_id", "/"), ("more", "x")), Is.Empty, "not the whole label set");
        Assert.That(Values(container, "filesystem/usage", ("resource_id", "other")), Is.Empty);
        Assert.That(Values(Frontend, "filesystem/usage", ("resource_id", "Volume:data")), Is.All.EqualTo(100));
        Assert.That(Values(Web, "filesystem/usage"), Is.All.EqualTo(113));
        Assert.That(Values(Frontend, "filesystem/available", ("resource_id", "Volume:data")), Is.EqualTo(new double[] { 150, 150 }));
        Assert.That(() => Values(Frontend, "filesystem/limit"), Throws.TypeOf<ModelRequestException>().With.Property("Parameter").EqualTo("labels"));

        double[] Values(ObjectPath path, string metric, params (string, string)[] labels) =>
        [
            .. cluster.Points(AcmeScope, path, metric, labels: labels.Length == 0 ? null : labels.ToDictionary(pair => pair.Item1, pair => pair.Item2))!
                .Select(point => point.Value),
        ];
    }

    [Test]
    public async Task Page_faults_of_a_pod_are_those_of_its_containers()
    {
        using var cluster = new Cluster(now: 60);
        const string Faults = "container_memory_failures_total";
        (string, string)[] kind = [("failure_type", "pgfault"), ("scope", "hierarchy")];
        await cluster.WriteAsync(Acme, PodRow(Faults, "acme-web", "frontend", kind), (0, 0), (20, 0));
        await cluster.WriteAsync(Acme, ContainerRow(Faults, "acme-web", "frontend", "web", kind), (0, 100), (20, 300));
        await cluster.WriteAsync(Acme, ContainerRow(Faults, "acme-web", "frontend", "web", ("failure_type", "pgfault"), ("scope", "container")), (0, 100), (20, 300));

        Assert.That(Relative(cluster.Points(AcmeScope, Frontend, "memory/page_faults_rate")!), Is.EqualTo(new[] { (15, 10.0) }));
    }

    [Test]
    public async Task A_namespace_that_is_another_one_now_shows_nothing_of_before()
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "frontend"), (0, 10), (15, 20), (30, 30), (45, 40));

        (double, double)[] points = Relative(cluster.Points(NamespaceScope("acme-web", from: 20), Frontend, "cpu/usage_rate")!);

        Assert.That(points.Select(point => point.Item1), Is.EqualTo(new double[] { 45 }), "the rate up to 30 s would need a sample of before");
    }

    [Test]
    public async Task Uptime_is_the_time_since_the_start()
    {
        using var cluster = new Cluster(now: 100);
        await cluster.WriteAsync(Acme, SummaryRow("pod_start_time_seconds", ("namespace", "acme-web"), ("pod", "frontend")), (60, At(0) / 1000.0));

        Assert.That(Relative(cluster.Points(AcmeScope, Frontend, "uptime")!), Is.EqualTo(new[] { (60, 60000.0) }));
    }

    [TestCase("cpu-usage", "cpu/usage_rate")]
    [TestCase("memory-working", "memory/working_set")]
    public async Task Older_names_mean_the_same(string alias, string name)
    {
        using var cluster = new Cluster(now: 60);
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "frontend"), (0, 10), (15, 20));
        await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "frontend"), (0, 10), (15, 20));

        Assert.That(cluster.Points(AcmeScope, Frontend, alias), Is.Not.Empty.And.EqualTo(cluster.Points(AcmeScope, Frontend, name)));
    }

    [Test]
    public async Task Listed_metrics_are_those_with_live_series_labelled_ones_included()
    {
        using var cluster = new Cluster(now: 30);
        await cluster.WriteAsync(Acme, PodRow(Cpu, "acme-web", "frontend"), (0, 10), (15, 20));
        await cluster.WriteAsync(Acme, PodRow("container_memory_rss", "acme-web", "frontend"), (0, 10), (1, StaleMarker.Value));
        await cluster.WriteAsync(Acme, SummaryRow("pod_volume_used_bytes", ("namespace", "acme-web"), ("pod", "frontend"), ("volume", "data")), (0, 1));

        Assert.That(cluster.View.Metrics(AcmeScope, Frontend, CancellationToken.None), Is.EqualTo(new[] { "cpu/usage", "cpu/usage_rate", "filesystem/usage" }));
        Assert.That(cluster.View.Metrics(AcmeScope, ObjectPath.OfNode("n1"), CancellationToken.None), Is.Null);
    }

    [Test]
    public void An_answer_from_too_many_samples_or_with_too_many_points_is_refused()
    {
        using var few = new Cluster(new ModelOptions { MaxSamples = 5 }, now: 60);
        using var small = new Cluster(new ModelOptions { MaxPoints = 2 }, now: 60);

        Assert.That(async () => await Ask(few), Throws.TypeOf<ModelRequestException>().With.Property("IsLimit").True.And.Message.Contains("5 stored samples"));
        Assert.That(async () => await Ask(small), Throws.TypeOf<ModelRequestException>().With.Property("IsLimit").True.And.Message.Contains("2 points"));

        static async Task Ask(Cluster cluster)
        {
            await cluster.WriteAsync(Acme, PodRow(Memory, "acme-web", "frontend"), (0, 10), (15, 20), (30, 30));
            cluster.Points(AcmeScope, Frontend, "memory/working_set");
        }
    }

    [Test]
    public void An_empty_scope_and_one_without_the_right_see_nothing()
    {
        using var cluster = new Cluster(now: 60);
        TenantScope billing = new([TenantGrant.Whole(Acme, Rights.Billing)]);

        foreach (TenantScope scope in (TenantScope[])[TenantScope.Empty, billing])
        {
            Assert.That(cluster.Points(scope, ObjectPath.Everything, "memory/usage"), Is.Null);
            Assert.That(cluster.Points(scope, Web, "memory/usage"), Is.Null);
            Assert.That(cluster.View.Metrics(scope, ObjectPath.Everything, CancellationToken.None), Is.Null);
        }
    }
}
