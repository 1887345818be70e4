using System.Text.Json;
using Observability.Simulator.Workloads;

namespace Observability.Simulator.Tests.Kubelets;

/// <summary>The ways in which a real kubelet's pages mislead, each one shown.</summary>
public sealed class CadvisorTrapTests
{
    private const string Cpu = "container_cpu_usage_seconds_total";
    private static readonly TimeSpan Scrape = TimeSpan.FromSeconds(15);

    [Test]
    public async Task The_first_page_after_a_restart_has_no_pod_names_and_half_of_the_containers_and_the_next_is_whole()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        Page before = await cluster.CadvisorAsync();

        cluster.Simulator.Nodes[0].RestartKubelet(TimeSpan.FromSeconds(9));
        Assert.That(async () => await cluster.CadvisorAsync(), Throws.InstanceOf<HttpRequestException>(), "while it restarts");
        cluster.Time.Advance(TimeSpan.FromSeconds(9));
        Page first = await cluster.CadvisorAsync();
        cluster.Time.Advance(TimeSpan.FromSeconds(2));
        Page second = await cluster.CadvisorAsync();

        Row[] podRows = [.. first.Family(Cpu).Where(row => row["name"].Length == 0 && row["id"].Contains("/pod", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(podRows, Is.Not.Empty);
            Assert.That(podRows.Select(row => row["namespace"] + row["pod"]), Is.All.Empty);
            Assert.That(NamedRows(first), Is.InRange(1, NamedRows(before) - 1));
            Assert.That(NamedRows(second), Is.EqualTo(NamedRows(before)));
            Assert.That(second.Of("acme-web", "web-app").Any(row => row["name"].Length == 0), Is.EqualTo(before.Of("acme-web", "web-app").Any()));
        });

        static int NamedRows(Page page) => page.Family(Cpu).Count(row => row["name"].Length > 0 && row["namespace"] == "acme-web");   // no jobs there
    }

    [Test]
    public async Task A_host_network_pods_pause_row_carries_the_nodes_interfaces()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        PodInfo daemon = cluster.World.Pods.First(pod => pod is { HostNetwork: true, Node: "node-1" });

        Page page = await cluster.CadvisorAsync();

        Row[] rows = [.. page.Family("container_network_receive_bytes_total")];
        Row nodeCard = rows.Single(row => row["id"] == "/" && row["interface"] == "eth0");
        Row podCard = rows.Single(row => row["pod"] == daemon.Name && row["interface"] == "eth0");
        Assert.Multiple(() =>
        {
            Assert.That(rows.Where(row => row["pod"] == daemon.Name).Select(row => row["interface"]), Is.EqualTo(new[] { "cni0", "eth0", "ifb0", "ifb1" }));
            Assert.That(podCard.Value, Is.EqualTo(nodeCard.Value).Within(5).Percent);
            Assert.That(cluster.Simulator.Truth.NetworkBytes(daemon.Uid, podCard.Time), Is.EqualTo((0L, 0L)));
        });
    }

    [Test]
    public async Task Network_rows_stand_on_the_root_and_on_pause_containers_alone()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();

        Page page = await cluster.CadvisorAsync();

        Row[] rows = [.. page.Rows.Where(row => row.Name.StartsWith("container_network_", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(rows, Is.Not.Empty);
            Assert.That(rows.All(row => row["container"].Length == 0 && (row["id"] == "/" || row["name"].Length == 64)));
        });
    }

    [Test]
    public async Task Root_rows_name_pods_in_their_device()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        PodInfo pod = cluster.World.Pods.First(pod => pod is { IsStatic: false, Node: "node-1", Phase: "Running" });

        Page page = await cluster.CadvisorAsync();

        Row row = page.Family("container_fs_usage_bytes").Single(row => row["device"].Contains(pod.Uid, StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(row["id"], Is.EqualTo("/"));
            Assert.That(row["namespace"], Is.Empty);
            Assert.That(page.Rows.Where(other => other.Name.StartsWith("container_fs_", StringComparison.Ordinal)).Select(other => other["id"]), Is.All.EqualTo("/"));
        });
    }

    [Test]
    public async Task A_static_pods_rows_pods_and_summary_carry_its_config_hash_and_the_api_server_another_uid()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        PodInfo pod = cluster.World.Pods.First(pod => pod is { IsStatic: true, Node: "node-1" });

        Page page = await cluster.CadvisorAsync();
        using JsonDocument pods = JsonDocument.Parse(await cluster.Kubelet().GetStringAsync("pods", cluster.Deadline));
        using JsonDocument summary = JsonDocument.Parse(await cluster.Kubelet().GetStringAsync("stats/summary", cluster.Deadline));
        k8s.Models.V1Pod mirror = await k8s.CoreV1OperationsExtensions.ReadNamespacedPodAsync(
            cluster.Kubernetes().CoreV1, pod.Name, pod.Namespace, cancellationToken: cluster.Deadline);

        JsonElement metadata = pods.RootElement.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("metadata")).Single(item => item.GetProperty("name").GetString() == pod.Name);
        JsonElement reference = summary.RootElement.GetProperty("pods").EnumerateArray()
            .Select(item => item.GetProperty("podRef")).Single(item => item.GetProperty("name").GetString() == pod.Name);
        Assert.Multiple(() =>
        {
            Assert.That(pod.CgroupUid, Does.Match("^[0-9a-f]{32}$").And.Not.EqualTo(pod.Uid));
            Assert.That(page.Of(pod.Namespace, pod.Name).Select(row => row["id"]), Is.All.Contains("/pod" + pod.CgroupUid));
            Assert.That(metadata.GetProperty("uid").GetString(), Is.EqualTo(pod.CgroupUid));
            Assert.That(reference.GetProperty("uid").GetString(), Is.EqualTo(pod.CgroupUid));
            Assert.That(mirror.Metadata.Uid, Is.EqualTo(pod.Uid));
            Assert.That(mirror.Metadata.Annotations["kubernetes.io/config.hash"], Is.EqualTo(pod.CgroupUid));
        });
    }

    [Test]
    public async Task Samples_are_up_to_twenty_seconds_old_sometimes_repeated_and_never_go_back()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        Dictionary<string, Row> last = [];
        int repeated = 0, compared = 0;
        double oldest = 0;

        for (int round = 0; round < 20; round++)
        {
            foreach (Row row in (await cluster.CadvisorAsync()).Family(Cpu))
            {
                oldest = Math.Max(oldest, (cluster.Time.GetUtcNow() - row.Time).TotalSeconds);
                Assert.That(row.Time, Is.LessThanOrEqualTo(cluster.Time.GetUtcNow()));
                if (last.TryGetValue(row["id"], out Row? before))
                {
                    compared++;
                    if (row.TimestampMs == before.TimestampMs)
                        repeated++;
                    Assert.That(row.Value, Is.GreaterThanOrEqualTo(before.Value), row.Line);
                    Assert.That(row.Time, Is.GreaterThanOrEqualTo(before.Time));
                }

                last[row["id"]] = row;
            }

            cluster.Time.Advance(Scrape);
        }

        Assert.Multiple(() =>
        {
            Assert.That(oldest, Is.InRange(12, 20));
            Assert.That((double)repeated / compared, Is.InRange(0.01, 0.25));
        });
    }

    [Test]
    public async Task A_pods_row_can_say_less_than_its_containers_rows()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        int below = 0, compared = 0;

        for (int round = 0; round < 10; round++)
        {
            foreach (IGrouping<string, Row> pod in (await cluster.CadvisorAsync()).Family(Cpu).Where(row => row["pod"].Length > 0).GroupBy(row => row["pod"]))
            {
                if (pod.SingleOrDefault(row => row["name"].Length == 0) is not { } parent)
                    continue;
                compared++;
                if (pod.Where(row => row != parent).Sum(row => row.Value) > parent.Value)
                    below++;
            }

            cluster.Time.Advance(Scrape);
        }

        Assert.That(below, Is.InRange(1, compared - 1));
    }

    [Test]
    public async Task Pod_overhead_shows_in_the_pods_limits_and_not_in_the_containers()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        PodInfo heavy = cluster.World.FindPod("globex-prod", "heavy")!;

        Page page = await cluster.CadvisorAsync(int.Parse(heavy.Node[5..], System.Globalization.CultureInfo.InvariantCulture) - 1);

        Row[] quotas = [.. page.Family("container_spec_cpu_quota").Where(row => row["pod"] == "heavy")];
        Row[] limits = [.. page.Family("container_spec_memory_limit_bytes").Where(row => row["pod"] == "heavy")];
        Assert.Multiple(() =>
        {
            Assert.That(quotas.Select(row => (row["container"], row.Value)), Is.EqualTo(new[] { ("", 25_000.0), ("main", 20_000.0) }));
            Assert.That(limits.Select(row => row.Value), Is.EqualTo(new[] { 96.0 * (1 << 20), 0.0, 64.0 * (1 << 20) }));
            Assert.That(page.Family("container_cpu_cfs_periods_total").Where(row => row["pod"] == "heavy").Select(row => row["name"].Length), Is.EqualTo(new[] { 0, 64 }));
        });
    }

    [Test]
    public async Task The_two_endpoints_share_a_family_with_different_labels_and_the_same_samples()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();

        Row resource = (await cluster.ResourceAsync()).Family(Cpu).First(row => row["namespace"].StartsWith("acme", StringComparison.Ordinal));
        Row cadvisor = (await cluster.CadvisorAsync()).Family(Cpu)
            .Single(row => row["pod"] == resource["pod"] && row["container"] == resource["container"]);

        Assert.Multiple(() =>
        {
            Assert.That(resource.Labels.Keys, Is.EqualTo(new[] { "container", "namespace", "pod" }));
            Assert.That((cadvisor.Value, cadvisor.TimestampMs), Is.EqualTo((resource.Value, resource.TimestampMs)));
        });
    }

    [Test]
    public async Task A_new_pod_has_no_rows_then_its_containers_rows_and_a_scrape_later_its_own()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        cluster.World.CreatePod(new PodSpec
        {
            Namespace = "acme-web",
            Name = "late",
            StartDelay = TimeSpan.FromSeconds(5),
            Containers = [new ContainerSpec { Name = "app" }],
        });

        Page pending = await cluster.CadvisorAsync();
        cluster.Time.Advance(TimeSpan.FromSeconds(8));
        Page started = await cluster.CadvisorAsync();
        cluster.Time.Advance(Scrape + Scrape);
        Page settled = await cluster.CadvisorAsync();

        Assert.Multiple(() =>
        {
            Assert.That(pending.Of("acme-web", "late"), Is.Empty);
            Assert.That(Kinds(started), Is.EqualTo(new[] { "pause", "app" }));
            Assert.That(Kinds(settled), Is.EqualTo(new[] { "pod", "pause", "app" }));
        });

        static string[] Kinds(Page page) =>
            [.. page.Family(Cpu).Where(row => row["pod"] == "late").Select(row => row["name"].Length == 0 ? "pod" : row["container"].Length == 0 ? "pause" : row["container"])];
    }
}
