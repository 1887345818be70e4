using System.Net;
using System.Text.RegularExpressions;
using Observability.Model;
using Observability.Simulator;
using Observability.Simulator.Workloads;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>Rows of a kubelet that say less than they should, or name whom they should not: what callers get to see of them.</summary>
[CancelAfter(300_000)]
internal sealed partial class RowTrapTests
{
    private const string Model = "api/v1/model";
    private static readonly Matcher Cadvisor = Matcher.Equal(LabelNames.MetricsPath, "/metrics/cadvisor");

    [Test]
    public async Task After_a_kubelet_restart_rows_without_names_go_on_as_the_same_pods(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        await deployment.StepAsync(5, cancellationToken);
        PodInfo[] pods = [.. deployment.Simulator.World.Pods.Where(pod => pod.Namespace is "acme-web" or "initech-dev" && pod.Phase == "Running")];
        LabelSet[] names = Names(deployment, pods);
        LabelSet[] nameless = Nameless(deployment);
        DateTimeOffset last = deployment.Time.GetUtcNow();
        long pages = deployment.Simulator.Nodes.Sum(node => node.CadvisorScrapes);

        foreach (SimulatedNode node in deployment.Simulator.Nodes)
            node.RestartKubelet(outage: TimeSpan.FromSeconds(20));
        await deployment.StepAsync(cancellationToken);
        Assert.That(deployment.Simulator.Nodes.Sum(node => node.CadvisorScrapes), Is.EqualTo(pages), "nobody answered");
        await deployment.StepAsync(cancellationToken);
        Assert.That(deployment.Simulator.Nodes.Sum(node => node.CadvisorScrapes), Is.EqualTo(pages + 2), "the pages whose pod rows have no namespace");

        foreach (PodInfo pod in pods)
        {
            (DateTimeOffset Time, double Value)[] usage = await CpuAsync(deployment, deployment.Operator, pod);
            Assert.That(usage[^1].Time, Is.GreaterThan(last), $"{pod.Name} goes on with the nameless page");
            AssertIsTruth(deployment, pod, usage);
        }
        await AssertNothingForeignAsync(deployment);
        Assert.That(Nameless(deployment), Is.EqualTo(nameless));

        await deployment.StepAsync(3, cancellationToken);

        foreach (PodInfo pod in pods)
        {
            AssertIsTruth(deployment, pod, await CpuAsync(deployment, deployment.Operator, pod));
            foreach (ContainerInfo container in pod.Containers.Where(container => container.Ended is null))
            {
                SelectedSeries series = deployment.Stored(SampleTrapTests.OfPod(pod, container.Name)).Single();
                Assert.That(HasEnd(series), Is.False, $"{pod.Name} {container.Name} was only missing on a page that was not whole");
            }
        }
        Assert.That(Names(deployment, pods), Is.EqualTo(names));
        Assert.That(Nameless(deployment), Is.EqualTo(nameless));
        await AssertNothingForeignAsync(deployment);
    }

    [Test]
    public async Task The_traffic_of_a_node_is_told_to_operators_and_to_no_pod_of_the_host_network(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        string acme = deployment.Token("acme-web", "viewer");
        const string Proxy = $"{Model}/namespaces/acme-web/pods/host-proxy/metrics";
        deployment.Simulator.World.CreatePod(new PodSpec
        {
            Namespace = "acme-web", Name = "host-proxy", Node = "node-1", HostNetwork = true, Containers = [new ContainerSpec { Name = "proxy" }],
        });

        await deployment.StepAsync(10, cancellationToken);

        string page = await deployment.KubeletPageAsync(deployment.Simulator.Nodes[0], "metrics/cadvisor", cancellationToken);
        Assert.That(page, Does.Match("(?m)^container_network_receive_bytes_total\\{.*interface=\"eth0\".*namespace=\"acme-web\",pod=\"host-proxy\"\\} [1-9]"));
        await deployment.PointsAsync(acme, $"{Proxy}/cpu/usage", points => points.Length > 0, cancellationToken);
        Assert.That(await deployment.NamesAsync(acme, $"{Proxy}/"), Has.Some.EqualTo("cpu/usage").And.None.StartsWith("network/"));
        foreach (string caller in new[] { acme, deployment.Operator })
            Assert.That(await deployment.PointsAsync(caller, $"{Proxy}/network/rx"), Is.Empty);
        Assert.That(deployment.Stored(Matcher.Equal(LabelNames.Pod, "host-proxy")).Select(series => series.Labels.MetricName), Has.None.StartsWith("container_network_"));

        string[] uids = [.. deployment.Simulator.World.Pods.Where(pod => pod.Namespace == "acme-web").Select(pod => pod.Uid)];
        (DateTimeOffset Time, double Value)[] ofNamespace = await deployment.PointsAsync(acme, $"{Model}/namespaces/acme-web/metrics/network/rx");
        Assert.That(ofNamespace, Has.Length.GreaterThan(3));
        foreach ((DateTimeOffset time, double bytes) in ofNamespace.Skip(2))
            Assert.That(bytes, Is.InRange(Received(deployment, uids, time.AddSeconds(-60)), Received(deployment, uids, time)), $"{time:O}");
        (DateTimeOffset Time, double Value)[] ofBatch = await deployment.PointsAsync(acme, $"{Model}/namespaces/acme-batch/metrics/network/rx");
        (DateTimeOffset Time, double Value)[] ofTenant = await deployment.PointsAsync(acme, $"tenants/acme/{Model}/metrics/network/rx");
        Assert.That(ofTenant, Is.Not.Empty);
        foreach ((DateTimeOffset time, double bytes) in ofTenant)
            Assert.That(bytes, Is.EqualTo(ofNamespace.Concat(ofBatch).Where(point => point.Time == time).Sum(point => point.Value)), $"{time:O}");

        (DateTimeOffset Time, double Value)[] ofNode = await deployment.PointsAsync(deployment.Operator, $"{Model}/nodes/node-1/metrics/network/rx");
        string[] onNode = [.. deployment.Simulator.World.Pods.Where(pod => pod.Node == "node-1").Select(pod => pod.Uid)];
        Assert.That(ofNode, Is.Not.Empty);
        foreach ((DateTimeOffset time, double bytes) in ofNode)
            Assert.That(bytes, Is.GreaterThan(Received(deployment, onNode, time)), "the pods' and the system's own");
        Assert.That((await deployment.GetAsync(acme, $"{Model}/nodes/node-1/metrics/network/rx")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_device_that_names_a_pod_is_stored_for_nobody(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        await deployment.StepAsync(5, cancellationToken);
        string page = await deployment.KubeletPageAsync(deployment.Simulator.Nodes[0], "metrics/cadvisor", cancellationToken);
        string[] named = [.. Device().Matches(page).Select(match => match.Groups[1].Value).Distinct()];
        string[] ids =
        [
            .. deployment.Simulator.World.Pods.SelectMany(pod => new[] { pod.Uid, pod.CgroupUid }),
            .. named.SelectMany(device => Sandbox().Matches(device)).Select(match => match.Value),
        ];
        Assert.That(named, Has.Some.Contains(deployment.Simulator.World.Pods.First(pod => pod is { Namespace: "acme-web", Node: "node-1" }).Uid));

        string[] shown = [.. deployment.Stored().SelectMany(series => series.Labels).Select(label => label.Value).Distinct()];
        IReadOnlyList<SelectedSeries> devices = deployment.Stored(Cadvisor, new Matcher(LabelNames.MetricName, MatchOperator.Regex, "container_fs_.*"));

        Assert.That(shown.Where(value => ids.Any(id => value.Contains(id, StringComparison.Ordinal))), Is.Empty);
        Assert.That(devices.Select(series => series.Labels["device"]), Has.Some.EqualTo("/dev/vda").And.All.StartsWith("/dev/"));
        Assert.That(devices.Select(series => series.Tenant), Has.All.EqualTo(TenantUid.System));
        const string Filesystem = $"{Model}/nodes/node-1/metrics/filesystem/usage";
        Assert.That(await deployment.PointsAsync(deployment.Operator, Filesystem), Is.Not.Empty);
        foreach (string device in named.Where(device => device.Contains("/pods/", StringComparison.Ordinal)))
            Assert.That(await deployment.PointsAsync(deployment.Operator, $"{Filesystem}?labels=resource_id:{Uri.EscapeDataString(device)}"), Is.Empty);
        foreach (string tenant in new[] { "acme-web", "globex-prod", "initech-dev" })
            Assert.That((await deployment.GetAsync(deployment.Token(tenant, "viewer"), Filesystem)).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_static_pod_is_found_by_its_config_hash_and_is_the_operators(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        PodInfo agent = deployment.Simulator.World.Pods.First(pod => pod.IsStatic);
        Assert.That(agent.CgroupUid, Is.Not.EqualTo(agent.Uid).And.Length.EqualTo(32));

        await deployment.StepAsync(6, cancellationToken);

        (DateTimeOffset Time, double Value)[] usage = await CpuAsync(deployment, deployment.Operator, agent);
        Assert.That(usage, Has.Length.GreaterThan(3));
        AssertIsTruth(deployment, agent, usage);
        (DateTimeOffset Time, double Value)[] ofContainer =
            await deployment.PointsAsync(deployment.Operator, $"{Model}/namespaces/kube-system/pods/{agent.Name}/containers/agent/metrics/cpu/usage");
        Assert.That(ofContainer, Has.Length.GreaterThan(3));
        AssertIsTruth(deployment, agent, ofContainer, "agent");
        Assert.That(await deployment.NamesAsync(deployment.Operator, $"{Model}/namespaces/kube-system/pods/"), Does.Contain(agent.Name));
        Assert.That(deployment.Stored(Matcher.Equal(LabelNames.Pod, agent.Name)).Select(series => series.Tenant), Has.All.EqualTo(TenantUid.System));
        Assert.That((await deployment.GetAsync(deployment.Token("acme-web", "viewer"), $"{Model}/namespaces/kube-system/pods/{agent.Name}/metrics/cpu/usage")).Status,
            Is.EqualTo(HttpStatusCode.NotFound));
    }

    /// <summary>A microsecond at most: the value is what the pod had used at the point's own time.</summary>
    internal static void AssertIsTruth(
        SimulatedDeployment deployment, PodInfo pod, IEnumerable<(DateTimeOffset Time, double Value)> usage, string? container = null)
    {
        foreach ((DateTimeOffset time, double nanoseconds) in usage)
            Assert.That(nanoseconds, Is.EqualTo(deployment.Simulator.Truth.CpuNanoseconds(pod.Uid, container, time)).Within(1000), $"{pod.Name} {container} at {time:O}");
    }

    internal static Task<(DateTimeOffset Time, double Value)[]> CpuAsync(SimulatedDeployment deployment, string caller, PodInfo pod) =>
        deployment.PointsAsync(caller, $"{Model}/namespaces/{pod.Namespace}/pods/{pod.Name}/metrics/cpu/usage");

    private static bool HasEnd(SelectedSeries series)
    {
        List<Sample> samples = [];
        series.CopyTo(samples);
        return samples.Exists(sample => StaleMarker.Is(sample.Value));
    }

    private static long Received(SimulatedDeployment deployment, string[] pods, DateTimeOffset at) =>
        pods.Sum(uid => deployment.Simulator.Truth.NetworkBytes(uid, at).Receive);

    /// <summary>Under what names the kubelets' rows of some pods are stored.</summary>
    private static LabelSet[] Names(SimulatedDeployment deployment, PodInfo[] pods) =>
        [.. deployment.Stored(Cadvisor, new Matcher(LabelNames.Pod, MatchOperator.Regex, string.Join('|', pods.Select(pod => pod.Name)))).Select(series => series.Labels)];

    /// <summary>What is stored of no namespace; of nodes alone, so it must be the system's.</summary>
    private static LabelSet[] Nameless(SimulatedDeployment deployment)
    {
        IReadOnlyList<SelectedSeries> nameless = deployment.Stored(Matcher.Equal(LabelNames.Namespace, ""));
        Assert.That(nameless.Select(series => series.Tenant), Has.All.EqualTo(TenantUid.System));
        Assert.That(nameless.Select(series => series.Labels["id"] ?? ""), Has.None.Contains("/pod"));
        return [.. nameless.Select(series => series.Labels)];
    }

    /// <summary>Each tenant is shown its own namespaces and has no other's rows.</summary>
    private static async Task AssertNothingForeignAsync(SimulatedDeployment deployment)
    {
        foreach ((string caller, string tenant, string[] own) in new[]
        {
            ("acme-web", "acme", new[] { "acme-batch", "acme-web" }), ("globex-prod", "globex", ["globex-prod"]), ("initech-dev", "initech", ["initech-dev"]),
        })
        {
            Assert.That(await deployment.NamesAsync(deployment.Token(caller, "viewer"), $"{Model}/namespaces/"), Is.EqualTo(own));
            TenantUid uid = deployment.Tenants.Current.Tenants.Single(known => known.Name.ToString() == tenant).Uid;
            foreach (SelectedSeries series in deployment.Stored().Where(series => series.Tenant == uid))
                Assert.That(own, Does.Contain(series.Labels[LabelNames.Namespace]), series.Labels.ToString());
        }
    }

    [GeneratedRegex("(?m)^container_fs_usage_bytes\\{container=\"\",device=\"([^\"]*)\",id=\"/\"")]
    private static partial Regex Device();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Sandbox();
}
