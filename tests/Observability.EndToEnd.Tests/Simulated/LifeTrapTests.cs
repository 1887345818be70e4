using System.Net;
using Observability.Model;
using Observability.Simulator;
using Observability.Simulator.Workloads;
using Observability.Storage;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>Pods that live seconds, and containers that are killed and come back under another id.</summary>
[CancelAfter(300_000)]
internal sealed class LifeTrapTests
{
    private const string Model = "api/v1/model";
    private const string Jobs = $"{Model}/namespaces/acme-jobs";

    [Test]
    public async Task A_job_of_40_s_keeps_its_last_known_usage_and_ends_there(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await StartAsync(cancellationToken);
        string acme = deployment.Token("acme-web", "viewer");

        PodInfo job = await RunJobAsync(deployment, acme, TimeSpan.FromSeconds(40), cancellationToken);

        DateTimeOffset now = deployment.Time.GetUtcNow();
        (DateTimeOffset Time, double Value)[] usage = await RowTrapTests.CpuAsync(deployment, acme, job);
        RowTrapTests.AssertIsTruth(deployment, job, usage);
        (DateTimeOffset last, double known) = usage[^1];
        double used = deployment.Simulator.Truth.CpuNanoseconds(job.Uid, null, now);
        Assert.That(last, Is.InRange(job.Created.AddSeconds(15), job.Created.AddSeconds(41)));
        Assert.That(known, Is.GreaterThan(used / 3).And.LessThan(used), "what it used after its last sample is not known, and not made up");
        AssertEnded(deployment);
        foreach (string gauge in new[] { "memory/working_set", "memory/usage", "cpu/usage_rate" })
        {
            Assert.That((await deployment.PointsAsync(acme, $"{Jobs}/pods/job/metrics/{gauge}")).Select(point => point.Time), Has.All.LessThanOrEqualTo(last));
            Assert.That((await deployment.PointsAsync(acme, $"{Jobs}/metrics/{gauge}")).Select(point => point.Time), Has.All.LessThanOrEqualTo(last));
        }
        (DateTimeOffset Time, double Value)[] total = await deployment.PointsAsync(acme, $"{Jobs}/metrics/cpu/usage");
        Assert.That(total[^1].Time, Is.GreaterThan(last.AddSeconds(30)));
        Assert.That(total.Where(point => point.Time > last).Select(point => point.Value), Has.All.EqualTo(known), "what ended stays in the namespace's total");
    }

    [Test]
    public async Task A_job_that_ends_before_its_pods_row_was_seen_is_known_by_its_container(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await StartAsync(cancellationToken);
        string acme = deployment.Token("acme-web", "viewer");

        PodInfo job = await RunJobAsync(deployment, acme, TimeSpan.FromSeconds(22), cancellationToken);

        (DateTimeOffset Time, double Value)[] usage = await deployment.PointsAsync(acme, $"{Jobs}/pods/job/containers/main/metrics/cpu/usage");
        Assert.That(usage, Is.Not.Empty);
        RowTrapTests.AssertIsTruth(deployment, job, usage, "main");
        Assert.That(usage[^1].Value, Is.LessThan(deployment.Simulator.Truth.CpuNanoseconds(job.Uid, "main", deployment.Time.GetUtcNow())));
        AssertEnded(deployment);
        foreach (string gauge in new[] { "memory/working_set", "cpu/usage_rate" })
        {
            Assert.That((await deployment.PointsAsync(acme, $"{Jobs}/pods/job/containers/main/metrics/{gauge}")).Select(point => point.Time),
                Has.All.LessThanOrEqualTo(usage[^1].Time));
        }
    }

    [Test]
    public async Task A_pod_between_two_scrapes_leaves_no_trace_and_disturbs_no_other(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        string acme = deployment.Token("acme-web", "viewer");
        await deployment.StepAsync(3, cancellationToken);
        PodInfo neighbour = deployment.Simulator.World.Pods.First(pod => pod is { Namespace: "acme-web", Node: "node-1", Phase: "Running" });
        DateTimeOffset before = deployment.Time.GetUtcNow();

        PodInfo blink = deployment.Simulator.World.CreatePod(ShortLived("acme-web", "blink", TimeSpan.FromSeconds(5)));
        await deployment.StepAsync(3, cancellationToken);

        Assert.That(deployment.Simulator.World.FindPod("acme-web", "blink"), Is.Null);
        Assert.That(deployment.Simulator.Truth.CpuNanoseconds(blink.Uid, null, deployment.Time.GetUtcNow()), Is.GreaterThan(0), "it ran");
        Assert.That(deployment.Stored(Matcher.Equal(LabelNames.Pod, "blink"), Matcher.Equal(LabelNames.Job, "kubelet")), Is.Empty);
        Assert.That(await deployment.NamesAsync(acme, $"{Model}/namespaces/acme-web/pods/"), Does.Contain(neighbour.Name).And.Not.Contain("blink"));
        Assert.That((await deployment.GetAsync(acme, $"{Model}/namespaces/acme-web/pods/blink/metrics/cpu/usage")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        (DateTimeOffset Time, double Value)[] usage = await RowTrapTests.CpuAsync(deployment, acme, neighbour);
        Assert.That(usage.Count(point => point.Time > before), Is.GreaterThanOrEqualTo(2));
        RowTrapTests.AssertIsTruth(deployment, neighbour, usage);
    }

    [Test]
    public async Task A_container_that_is_killed_for_memory_goes_on_as_the_one_that_replaces_it(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        string acme = deployment.Token("acme-web", "viewer");
        PodInfo pod = deployment.Simulator.World.FindPod("acme-web", "web-app")!;
        SimulatedNode node = deployment.Simulator.Nodes.Single(node => node.Name == pod.Node);
        await deployment.StepAsync(5, cancellationToken);
        deployment.Time.Advance(TimeSpan.FromSeconds(8)); // long enough behind the scrape for a sample that was not seen yet
        DateTimeOffset killed = deployment.Time.GetUtcNow();

        deployment.Simulator.World.KillContainer("acme-web", "web-app", "app", outOfMemory: true);
        await deployment.StepAsync(by: TimeSpan.FromSeconds(5), cancellationToken);
        string page = await deployment.KubeletPageAsync(node, "metrics/cadvisor", cancellationToken);
        Assert.That(page.Split('\n').Count(row => row.StartsWith("container_cpu_usage_seconds_total{container=\"app\"", StringComparison.Ordinal) &&
            row.Contains("pod=\"web-app\"", StringComparison.Ordinal)), Is.EqualTo(2), "the dead one stays for a while");
        await deployment.StepAsync(5, cancellationToken);

        const string Pod = $"{Model}/namespaces/acme-web/pods/web-app";
        const string App = $"{Pod}/containers/app/metrics";
        Assert.That(deployment.Simulator.World.FindPod("acme-web", "web-app")!.Containers.Single(container => container.Name == "app").RestartCount, Is.EqualTo(1));
        List<Sample> stored = [];
        deployment.Stored(SampleTrapTests.OfPod(pod, "app")).Single().CopyTo(stored); // one series for both
        Assert.That(stored.Count(sample => StaleMarker.Is(sample.Value)), Is.EqualTo(1));
        Assert.That(stored.Single(sample => StaleMarker.Is(sample.Value)).TimestampMs, Is.LessThanOrEqualTo(killed.ToUnixTimeMilliseconds()), "the dead one's end is not the living one's");
        (DateTimeOffset Time, double Value)[] ofContainer = await deployment.PointsAsync(acme, $"{App}/cpu/usage");
        Assert.That(ofContainer.First(point => point.Time > killed).Value, Is.LessThan(ofContainer.Last(point => point.Time <= killed).Value), "the counter began again");
        RowTrapTests.AssertIsTruth(deployment, pod, ofContainer, "app");
        (DateTimeOffset Time, double Value)[] rates = await deployment.PointsAsync(acme, $"{App}/cpu/usage_rate");
        Assert.That(rates.Count(point => point.Time > killed), Is.GreaterThan(2));
        Assert.That(rates.Select(point => point.Value), Has.All.InRange(0, 510), "its limit is 500 millicores");

        (DateTimeOffset Time, double Value)[] ofPod = await RowTrapTests.CpuAsync(deployment, acme, pod);
        Assert.That(ofPod.Count(point => point.Time > killed), Is.GreaterThan(3));
        RowTrapTests.AssertIsTruth(deployment, pod, ofPod);
        Assert.That(ofPod.Select(point => point.Value), Is.Ordered);
        foreach ((DateTimeOffset time, double millicores) in await deployment.PointsAsync(acme, $"{Pod}/metrics/cpu/usage_rate"))
        {
            DateTimeOffset before = ofPod.Last(point => point.Time < time).Time;
            Assert.That(millicores, Is.EqualTo(deployment.Simulator.Truth.CpuCores(pod.Uid, null, before, time) * 1000).Within(0.1).Percent);
        }
    }

    /// <summary>Nothing asked for, so that the aggregator's own rows of requests do not name it either; gone when it has ended.</summary>
    private static PodSpec ShortLived(string ns, string name, TimeSpan runsFor) => new()
    {
        Namespace = ns, Name = name, Node = "node-1", RestartPolicy = RestartPolicy.Never, StartDelay = TimeSpan.FromSeconds(0.5),
        DeletedAfterFinished = TimeSpan.Zero, Containers = [new ContainerSpec { Name = "main", CpuCores = 0.2, RunsFor = runsFor }],
    };

    private static async Task<SimulatedDeployment> StartAsync(CancellationToken cancellationToken)
    {
        SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        deployment.Simulator.World.CreateNamespace("acme-jobs", new Dictionary<string, string> { ["tenant"] = "acme" });
        await deployment.UntilAsync(directory => directory.TryGetNamespace("acme-jobs", out _), cancellationToken);
        await deployment.StepAsync(2, cancellationToken);
        return deployment;
    }

    /// <summary>From before its start to long after its end.</summary>
    private static async Task<PodInfo> RunJobAsync(SimulatedDeployment deployment, string caller, TimeSpan runsFor, CancellationToken cancellationToken)
    {
        PodInfo job = deployment.Simulator.World.CreatePod(ShortLived("acme-jobs", "job", runsFor));
        await deployment.StepAsync(cancellationToken);
        // By then its collector knows it too.
        await deployment.PointsAsync(caller, $"{Jobs}/pods/job/containers/main/metrics/cpu/usage", points => points.Length > 0, cancellationToken);
        await deployment.StepAsync(9, cancellationToken);
        Assert.That(deployment.Simulator.World.FindPod("acme-jobs", "job"), Is.Null);
        return job;
    }

    /// <summary>Every row of the job ends with a marker 1 ms behind its last sample.</summary>
    private static void AssertEnded(SimulatedDeployment deployment)
    {
        IReadOnlyList<SelectedSeries> rows = deployment.Stored(
            Matcher.Equal(LabelNames.Namespace, "acme-jobs"), Matcher.Equal(LabelNames.Pod, "job"), Matcher.Equal(LabelNames.MetricsPath, "/metrics/cadvisor"));
        Assert.That(rows, Has.Count.GreaterThan(20));
        foreach (SelectedSeries series in rows)
        {
            List<Sample> samples = [];
            series.CopyTo(samples);
            Assert.That(StaleMarker.Is(samples[^1].Value), Is.True, series.Labels.ToString());
            Assert.That(samples[^1].TimestampMs, Is.EqualTo(samples[^2].TimestampMs + 1));
            Assert.That(samples.Count(sample => StaleMarker.Is(sample.Value)), Is.EqualTo(1));
        }
    }
}
