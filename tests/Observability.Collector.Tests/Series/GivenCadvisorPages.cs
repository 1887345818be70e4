using Observability.Collector.Classification;
using Observability.Collector.Tests.Support;
using Observability.Protocol.V1;

namespace Observability.Collector.Tests.Series;

internal sealed class GivenCadvisorPages : IDisposable
{
    private const string Uid = "abc66d5c-37cb-4b97-a699-920af63264fe";
    private const string Other = "16d32adc-a80a-4e20-ae66-98ec1c3ba548";
    private const string Old = "4e3c3995a482052cf747766b86aec0f28954e9d09b1f4ffc8d9da9b4ca37388b";
    private const string New = "0b45fa36bea6ad004afad06796d56f60fbf1ccac822bb0cfc637fa6ea974272a";
    private const string Third = "7d5cc1fa36bea6ad004afad06796d56f60fbf1ccac822bb0cfc637fa6ea97427";
    private const string Cpu = "# TYPE container_cpu_usage_seconds_total counter\n";
    private const string Start = "# TYPE container_start_time_seconds gauge\n";
    private const string Network = "# TYPE container_network_receive_bytes_total counter\n";
    private const long T = 1_700_000_000_000;

    private readonly NodePages _node = new();

    public void Dispose() => _node.Dispose();

    [Test]
    public void A_containers_row_goes_to_its_pod_by_the_uid_of_its_path()
    {
        _node.Directory(Pod(Uid));

        List<string> pushed = _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "12.5 " + (T - 3000), "cpu=\"total\","), T);

        Assert.That(pushed, Is.EqualTo(new[] { $"Container {Uid}/app container_cpu_usage_seconds_total{{cpu=\"total\"}} 12.5@{T - 3000}" }));
    }

    [Test]
    public void The_same_sample_again_is_not_sent_and_nothing_ends()
    {
        _node.Directory(Pod(Uid));
        string page = Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1 " + (T - 3000));
        _node.Page(page, T);

        List<string> pushed = _node.Page(page, T + 15_000);

        Assert.That(pushed, Is.Empty);
        Assert.That(_node.Statistics.Dropped(DropReason.Repeated), Is.EqualTo(1));
    }

    [Test]
    public void A_row_that_is_gone_ends_its_series_once()
    {
        _node.Directory(Pod(Uid));
        _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1"), T);

        Assert.That(_node.Page(Cpu, T + 15_000), Is.EqualTo(new[] { $"ended Container {Uid}/app container_cpu_usage_seconds_total{{}}" }));
        Assert.That(_node.Page(Cpu, T + 30_000), Is.Empty);
    }

    [Test]
    public void Nothing_ends_by_a_scrape_that_failed_until_five_minutes_are_over()
    {
        _node.Directory(Pod(Uid));
        _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1"), T);

        _node.Fail(T + 299_000);
        Assert.That(_node.Drain(), Is.Empty);

        _node.Fail(T + 300_000);
        Assert.That(_node.Drain(), Is.EqualTo(new[] { $"ended Container {Uid}/app container_cpu_usage_seconds_total{{}}" }));
    }

    [Test]
    public void Of_two_runs_of_a_container_the_newer_is_sent_and_the_older_ends_before_it()
    {
        _node.Directory(Pod(Uid));
        _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "50"), T);

        List<string> pushed = _node.Page(
            Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "51") + Row("container_cpu_usage_seconds_total", New, "app", "1") +
            Start + Row("container_start_time_seconds", Old, "app", "1000") + Row("container_start_time_seconds", New, "app", "2000"), T + 15_000);

        Assert.That(pushed[0], Is.EqualTo($"ended Container {Uid}/app container_cpu_usage_seconds_total{{}}"));
        Assert.That(pushed[1..], Is.EquivalentTo(new[]
        {
            $"Container {Uid}/app container_cpu_usage_seconds_total{{}} 1@{T + 15_000}",
            $"Container {Uid}/app container_start_time_seconds{{}} 2000@{T + 15_000}",
        }));
        Assert.That(_node.Statistics.Dropped(DropReason.Superseded), Is.EqualTo(2));
    }

    [Test]
    public void A_pod_row_without_names_after_a_kubelet_restart_is_the_same_series()
    {
        _node.Directory(Pod(Uid));
        string named = Cpu + $"container_cpu_usage_seconds_total{{id=\"/kubepods/pod{Uid}\",namespace=\"ns\",pod=\"p\"}} ";
        string unnamed = Cpu + $"container_cpu_usage_seconds_total{{id=\"/kubepods/pod{Uid}\",namespace=\"\",pod=\"\"}} ";
        _node.Page(named + "1\n", T);

        List<string> restarted = _node.Page(unnamed + "2\n", T + 15_000);
        List<string> later = _node.Page(named + "3\n", T + 30_000);

        Assert.That(restarted, Is.EqualTo(new[] { $"Pod {Uid} container_cpu_usage_seconds_total{{}} 2@{T + 15_000}" }));
        Assert.That(later, Is.EqualTo(new[] { $"Pod {Uid} container_cpu_usage_seconds_total{{}} 3@{T + 30_000}" }));
        Assert.That(_node.State.Table.RefCount, Is.EqualTo(1));
    }

    [Test]
    public void What_is_missing_on_the_page_without_names_ends_by_the_next_page_or_when_it_was_replaced()
    {
        string nameless = "container_cpu_usage_seconds_total{container=\"\",id=\"/kubepods/pod" + Uid + "\",image=\"\",name=\"\",namespace=\"\",pod=\"\"} 3\n";
        _node.Directory(Pod(Uid));
        _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1") + Row("container_cpu_usage_seconds_total", Third, "helper", "1"), T);

        List<string> partial = _node.Page(Cpu + nameless + Row("container_cpu_usage_seconds_total", New, "app", "1"), T + 15_000);
        List<string> next = _node.Page(Cpu + nameless + Row("container_cpu_usage_seconds_total", New, "app", "2"), T + 30_000);

        Assert.That(partial.Where(said => said.StartsWith("ended", StringComparison.Ordinal)), Is.EqualTo(new[] { $"ended Container {Uid}/app container_cpu_usage_seconds_total{{}}" }));
        Assert.That(next.Where(said => said.StartsWith("ended", StringComparison.Ordinal)), Is.EqualTo(new[] { $"ended Container {Uid}/helper container_cpu_usage_seconds_total{{}}" }));
    }

    [Test]
    public void What_a_row_claims_of_its_place_travels_as_exported()
    {
        _node.Directory(Pod(Uid));

        List<string> pushed = _node.Page(
            Cpu + $"container_cpu_usage_seconds_total{{id=\"/kubepods/pod{Uid}\",namespace=\"kube-system\",pod=\"p\",tenant=\"globex\"}} 1\n", T);

        Assert.That(pushed, Is.EqualTo(new[] { $"Pod {Uid} container_cpu_usage_seconds_total{{exported_tenant=\"globex\",exported_namespace=\"kube-system\"}} 1@{T}" }));
    }

    [Test]
    public void A_row_of_an_unknown_pod_is_held_until_the_directory_has_it()
    {
        List<string> before = _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1"), T);

        _node.Directory(Pod(Uid));

        Assert.That(before, Is.Empty);
        Assert.That(_node.Drain(), Is.EqualTo(new[] { $"Container {Uid}/app container_cpu_usage_seconds_total{{}} 1@{T}" }));
    }

    [Test]
    public void A_row_of_a_pod_that_lived_seconds_is_sent_and_ended_when_the_directory_brings_it()
    {
        _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1"), T);
        _node.Page(Cpu, T + 15_000);

        _node.Directory(Pod(Uid));

        string series = $"Container {Uid}/app container_cpu_usage_seconds_total{{}}";
        Assert.That(_node.Drain(), Is.EqualTo(new[] { $"{series} 1@{T}", "ended " + series }));
    }

    [Test]
    public void A_row_that_the_directory_does_not_explain_in_a_minute_is_given_up()
    {
        string page = Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1 " + T);
        _node.Page(page, T);
        _node.Page(page, T + 61_000);

        _node.Directory(Pod(Uid));

        Assert.That(_node.Drain(), Is.Empty);
        Assert.That(_node.Statistics.Dropped(DropReason.Unresolved), Is.EqualTo(1));
    }

    [Test]
    public void A_static_pod_is_found_by_the_hash_on_its_path()
    {
        const string hash = "0850a0d1d9f43db17a594e64b8222f8d";
        _node.Directory(new DirectoryPod { Uid = Other, CgroupUid = hash, Namespace = "kube-system", Name = "agent", Tenant = "_system" });

        List<string> pushed = _node.Page(Cpu + $"container_cpu_usage_seconds_total{{id=\"/kubepods/pod{hash}\"}} 1\n", T);

        Assert.That(pushed, Is.EqualTo(new[] { $"Pod {Other} container_cpu_usage_seconds_total{{}} 1@{T}" }));
    }

    [TestCase(false, 1)]
    [TestCase(true, 0)]
    public void A_pod_on_the_hosts_network_has_no_network_of_its_own(bool hostNetwork, int expected)
    {
        DirectoryPod pod = Pod(Uid);
        pod.HostNetwork = hostNetwork;
        _node.Directory(pod);

        List<string> pushed = _node.Page(Network + Row("container_network_receive_bytes_total", Old, "", "7", "interface=\"eth0\",image=\"pause\","), T);

        Assert.That(pushed, Has.Count.EqualTo(expected));
        Assert.That(_node.Statistics.Dropped(DropReason.HostNetwork), Is.EqualTo(1 - expected));
    }

    [Test]
    public void A_sandbox_that_a_pod_label_named_like_a_container_stays_a_sandbox()
    {
        _node.Directory(Pod(Uid));

        List<string> pushed = _node.Page(
            Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1") +
            Network + Row("container_network_receive_bytes_total", Old, "app", "7", "interface=\"eth0\","), T);

        Assert.That(pushed, Is.EqualTo(new[] { $"Sandbox {Uid} container_network_receive_bytes_total{{interface=\"eth0\",exported_container=\"app\"}} 7@{T}" }));
    }

    [TestCase("/dev/vda", DropReason.None)]
    [TestCase("overlay_0-106", DropReason.DeviceNotReal)]
    [TestCase("/var/lib/kubelet/pods/16d32adc-a80a-4e20-ae66-98ec1c3ba548/volumes/kubernetes.io~projected/x", DropReason.DeviceNamesPod)]
    [TestCase("/run/containerd/io.containerd.grpc.v1.cri/sandboxes/0b45/shm", DropReason.DeviceNamesPod)]
    public void A_root_row_is_kept_where_its_device_is_one(string device, DropReason reason)
    {
        List<string> pushed = _node.Page($"# TYPE container_fs_usage_bytes gauge\ncontainer_fs_usage_bytes{{id=\"/\",device=\"{device}\"}} 5\n", T);

        Assert.That(pushed, Has.Count.EqualTo(reason == DropReason.None ? 1 : 0));
        Assert.That(reason == DropReason.None || _node.DroppedRows(reason) == 1);
    }

    [TestCase("# TYPE tenants_own_metric gauge\ntenants_own_metric{id=\"/\"} 1\n", DropReason.UnknownFamily)]
    [TestCase("# TYPE container_cpu_usage_seconds_total gauge\ncontainer_cpu_usage_seconds_total{id=\"/\"} 1\n", DropReason.TypeClash)]
    [TestCase("container_cpu_usage_seconds_total{id=\"/\"} 1\n", DropReason.TypeClash)]
    [TestCase("# TYPE container_threads gauge\ncontainer_threads{id=\"/kubepods\"} 1\n", DropReason.OtherKind)]
    [TestCase(Cpu + "container_cpu_usage_seconds_total{namespace=\"a\"} 1\n", DropReason.NoIdentity)]
    [TestCase(Cpu + "container_cpu_usage_seconds_total{id=\"/docker/x\",namespace=\"a\",pod=\"b\"} 1\n", DropReason.NoIdentity)]
    public void A_row_is_dropped_for_a_reason(string page, DropReason reason)
    {
        Assert.That(_node.Page(page, T), Is.Empty);
        Assert.That(_node.DroppedRows(reason), Is.EqualTo(1));
    }

    [Test]
    public void A_refused_series_is_not_sent_until_its_pod_changes_in_the_directory()
    {
        _node.Directory(Pod(Uid));
        _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1"), T);
        var refusals = new Refusals();
        refusals.Refusals_.Add(new Refusal { Ref = _node.RefOf("app"), Reason = RefusalReason.TenantMismatch });
        _node.State.Refused(refusals);

        Assert.That(_node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "2"), T + 15_000), Is.Empty);
        DirectoryPod moved = Pod(Uid);
        moved.Tenant = "fedcba9876543210fedcba9876543210";
        _node.Directory(moved);

        Assert.That(_node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "3"), T + 30_000),
            Has.Some.EndsWith($"3@{T + 30_000}"));
    }

    [Test]
    public void A_pod_that_changed_its_tenant_is_defined_anew_and_the_old_series_ends_first()
    {
        _node.Directory(Pod(Uid));
        _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "1"), T);
        uint before = _node.RefOf("app");
        DirectoryPod moved = Pod(Uid);
        moved.Tenant = "fedcba9876543210fedcba9876543210";
        _node.Directory(moved);

        List<string> pushed = _node.Page(Cpu + Row("container_cpu_usage_seconds_total", Old, "app", "2"), T + 15_000);

        string series = $"Container {Uid}/app container_cpu_usage_seconds_total{{}}";
        Assert.That(pushed, Is.EqualTo(new[] { "ended " + series, $"{series} 2@{T + 15_000}" }));
        Assert.That(_node.RefOf("app"), Is.Not.EqualTo(before));
    }

    private static DirectoryPod Pod(string uid) =>
        new() { Uid = uid, CgroupUid = uid, Namespace = "ns", Name = "p", Tenant = "0123456789abcdef0123456789abcdef" };

    private static string Row(string name, string containerId, string container, string value, string labels = "") =>
        $"{name}{{{labels}container=\"{container}\",id=\"/kubepods/pod{Uid}/{containerId}\",name=\"{containerId}\",namespace=\"ns\",pod=\"p\"}} {value}\n";
}
