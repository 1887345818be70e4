using k8s;
using k8s.Models;
using Observability.Simulator.Workloads;

namespace Observability.Simulator.Tests.Cluster;

/// <summary>How pods and namespaces come and go, as the API and the pages show it.</summary>
public sealed class LifecycleTests
{
    private const string Cpu = "container_cpu_usage_seconds_total";

    [Test]
    public async Task An_oom_killed_container_comes_back_with_another_id_and_no_counter_tells_of_it()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        cluster.World.CreatePod(Pod("victim", new ContainerSpec { Name = "app", MemoryLimitBytes = 64 << 20 }));
        cluster.Time.Advance(TimeSpan.FromSeconds(40));
        string before = cluster.World.FindPod("acme-web", "victim")!.Containers[0].Id;

        cluster.World.KillContainer("acme-web", "victim", "app", outOfMemory: true);
        cluster.Time.Advance(TimeSpan.FromSeconds(4));
        Page beside = await cluster.CadvisorAsync();
        V1ContainerStatus status = await StatusAsync(cluster, "victim");
        cluster.Time.Advance(TimeSpan.FromSeconds(15));
        Page after = await cluster.CadvisorAsync();

        string now = cluster.World.FindPod("acme-web", "victim")!.Containers[0].Id;
        Assert.Multiple(() =>
        {
            Assert.That(now, Is.Not.EqualTo(before));
            Assert.That(Ids(beside), Is.EquivalentTo(new[] { before, now }), "side by side for one housekeeping");
            Assert.That(Ids(after), Is.EqualTo(new[] { now }));
            Assert.That(status.LastState.Terminated.Reason, Is.EqualTo("OOMKilled"));
            Assert.That((status.LastState.Terminated.ExitCode, status.RestartCount), Is.EqualTo((137, 1)));
            Assert.That(beside.Family("container_oom_events_total").Select(row => row.Value), Is.All.Zero);
            Assert.That(beside.Family("container_memory_failcnt").Select(row => row.Value), Is.All.Zero);
        });

        static string[] Ids(Page page) => [.. page.Family(Cpu).Where(row => row["container"] == "app").Select(row => row["name"])];
    }

    [Test]
    public async Task A_leak_is_killed_at_the_limit_again_and_again()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        cluster.World.CreatePod(Pod("leaker", new ContainerSpec { Name = "app", MemoryBytes = 4 << 20, MemoryLimitBytes = 64 << 20, LeakBytesPerSecond = 2 << 20 }));

        cluster.Time.Advance(TimeSpan.FromMinutes(3));

        V1ContainerStatus status = await StatusAsync(cluster, "leaker");
        Assert.That((status.RestartCount, status.LastState.Terminated.Reason), Is.EqualTo((3, "OOMKilled")));
    }

    [Test]
    public async Task A_crash_loop_waits_longer_each_time()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        cluster.World.CreatePod(Pod("crasher", new ContainerSpec { Name = "app", RunsFor = TimeSpan.FromSeconds(5), ExitCode = 1 }));

        cluster.Time.Advance(TimeSpan.FromSeconds(15));
        V1ContainerStatus waiting = await StatusAsync(cluster, "crasher");
        cluster.Time.Advance(TimeSpan.FromMinutes(10));
        V1ContainerStatus later = await StatusAsync(cluster, "crasher");

        Assert.Multiple(() =>
        {
            Assert.That(waiting.State.Waiting.Reason, Is.EqualTo("CrashLoopBackOff"));
            Assert.That(waiting.LastState.Terminated.ExitCode, Is.EqualTo(1));
            Assert.That(later.RestartCount, Is.InRange(5, 8));
        });
    }

    [Test]
    public async Task A_pod_that_takes_a_used_name_is_another_pod()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        PodInfo first = cluster.World.CreatePod(Pod("web-app", new ContainerSpec { Name = "app" }));
        cluster.Time.Advance(TimeSpan.FromMinutes(2));
        double used = (await cluster.ResourceAsync()).Family(Cpu).Single().Value;

        cluster.World.DeletePod("acme-web", "web-app");
        Page terminating = await cluster.CadvisorAsync();
        cluster.Time.Advance(TimeSpan.FromSeconds(5));
        Page gone = await cluster.CadvisorAsync();
        PodInfo second = cluster.World.CreatePod(Pod("web-app", new ContainerSpec { Name = "app" }));
        cluster.Time.Advance(TimeSpan.FromSeconds(4));

        Row again = (await cluster.ResourceAsync()).Family(Cpu).Single();
        Assert.Multiple(() =>
        {
            Assert.That(terminating.Of("acme-web", "web-app"), Is.Not.Empty, "rows stay to the end");
            Assert.That(gone.Of("acme-web", "web-app"), Is.Empty, "and nothing lingers");
            Assert.That(second.Uid, Is.Not.EqualTo(first.Uid));
            Assert.That(again.Value, Is.LessThan(used), "the resource endpoint's series goes on and falls");
            Assert.That(cluster.Simulator.Truth.CpuSeconds(first.Uid, null, cluster.Time.GetUtcNow()), Is.GreaterThanOrEqualTo(used), "the truth remembers");
        });
    }

    [Test]
    public async Task A_namespace_goes_after_its_pods_and_comes_back_as_another()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        Kubernetes client = cluster.Kubernetes();
        string first = cluster.World.NamespaceUid("acme-web");
        cluster.World.CreatePod(Pod("web-app", new ContainerSpec { Name = "app" }));
        cluster.Time.Advance(TimeSpan.FromSeconds(30));

        cluster.World.DeleteNamespace("acme-web");
        V1Namespace terminating = await client.CoreV1.ReadNamespaceAsync("acme-web", cancellationToken: cluster.Deadline);
        cluster.Time.Advance(TimeSpan.FromSeconds(10));
        V1NamespaceList left = await client.CoreV1.ListNamespaceAsync(cancellationToken: cluster.Deadline);
        V1PodList pods = await client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: cluster.Deadline);
        string second = cluster.World.CreateNamespace("acme-web", new Dictionary<string, string> { ["tenant"] = "globex" });

        Assert.Multiple(() =>
        {
            Assert.That(terminating.Status.Phase, Is.EqualTo("Terminating"));
            Assert.That(left.Items, Is.Empty);
            Assert.That(pods.Items, Is.Empty);
            Assert.That(second, Is.Not.EqualTo(first));
        });
    }

    [Test]
    public async Task A_jobs_last_seconds_are_in_no_sample()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        PodInfo job = cluster.World.CreatePod(Pod("job", new ContainerSpec { Name = "app", CpuCores = 0.2, RunsFor = TimeSpan.FromSeconds(50) }) with
        {
            RestartPolicy = RestartPolicy.Never,
            DeletedAfterFinished = TimeSpan.FromSeconds(30),
        });
        double seen = 0;

        for (int round = 0; round < 4; round++)
        {
            cluster.Time.Advance(TimeSpan.FromSeconds(15));
            seen = Math.Max(seen, (await cluster.CadvisorAsync()).Family(Cpu).Where(row => row["container"] == "app").Select(row => row.Value).DefaultIfEmpty().Max());
        }

        V1Pod finished = await cluster.Kubernetes().CoreV1.ReadNamespacedPodAsync("job", "acme-web", cancellationToken: cluster.Deadline);
        cluster.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Multiple(() =>
        {
            Assert.That(seen, Is.Positive.And.LessThan(cluster.Simulator.Truth.CpuSeconds(job.Uid, "app", cluster.Time.GetUtcNow())));
            Assert.That(finished.Status.Phase, Is.EqualTo("Succeeded"));
            Assert.That(cluster.World.FindPod("acme-web", "job"), Is.Null, "deleted after it finished");
        });
    }

    [Test]
    public async Task Init_containers_run_before_sidecars_and_containers_and_count_in_the_pods_cpu()
    {
        await using RunningCluster cluster = await RunningCluster.StartEmptyAsync();
        PodInfo pod = cluster.World.CreatePod(Pod("web-app", new ContainerSpec { Name = "app" }) with
        {
            StartDelay = TimeSpan.FromSeconds(1),
            InitContainers = [new ContainerSpec { Name = "setup", RunsFor = TimeSpan.FromSeconds(8), CpuCores = 0.5 }],
            Sidecars = [new ContainerSpec { Name = "sidecar" }],
        });

        cluster.Time.Advance(TimeSpan.FromSeconds(5));
        Page early = await cluster.CadvisorAsync();
        V1Pod initializing = await cluster.Kubernetes().CoreV1.ReadNamespacedPodAsync("web-app", "acme-web", cancellationToken: cluster.Deadline);
        cluster.Time.Advance(TimeSpan.FromSeconds(10));
        Page late = await cluster.CadvisorAsync();

        Truth truth = cluster.Simulator.Truth;
        DateTimeOffset now = cluster.Time.GetUtcNow();
        Assert.Multiple(() =>
        {
            Assert.That(Containers(early), Is.EqualTo(new[] { "setup" }));
            Assert.That(initializing.Status.Phase, Is.EqualTo("Pending"));
            Assert.That(initializing.Spec.InitContainers.Select(container => container.RestartPolicy), Is.EqualTo(new[] { null, "Always" }));
            Assert.That(Containers(late), Is.EqualTo(new[] { "app", "sidecar" }));
            Assert.That(
                truth.CpuSeconds(pod.Uid, null, now),
                Is.EqualTo(truth.CpuSeconds(pod.Uid, "setup", now) + truth.CpuSeconds(pod.Uid, "app", now) + truth.CpuSeconds(pod.Uid, "sidecar", now)).Within(0.01));
        });

        static string[] Containers(Page page) => [.. page.Family(Cpu).Where(row => row["container"].Length > 0).Select(row => row["container"])];
    }

    private static PodSpec Pod(string name, ContainerSpec container) => new() { Namespace = "acme-web", Name = name, Containers = [container] };

    private static async Task<V1ContainerStatus> StatusAsync(RunningCluster cluster, string pod)
    {
        V1Pod read = await cluster.Kubernetes().CoreV1.ReadNamespacedPodAsync(pod, "acme-web", cancellationToken: cluster.Deadline);
        return read.Status.ContainerStatuses.Single();
    }
}
