using Observability.Model;
using Observability.Simulator;
using Observability.Storage;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>Samples have times of their own: they repeat, are older than the scrape, and parents and children are taken apart.</summary>
[CancelAfter(300_000)]
internal sealed class SampleTrapTests
{
    private const string Model = "api/v1/model";
    private const string Cpu = "container_cpu_usage_seconds_total";

    [Test]
    public async Task A_repeated_sample_is_stored_once_and_makes_no_rate_zero_or_double(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        string acme = deployment.Token("acme-web", "viewer");
        const int Scrapes = 18;

        for (int i = 0; i < Scrapes; i++)
            await deployment.StepAsync(by: TimeSpan.FromSeconds(5), cancellationToken);

        PodInfo[] pods = [.. deployment.Simulator.World.Pods.Where(pod => pod.Namespace == "acme-web" && pod.Phase == "Running")];
        Assert.That(pods, Is.Not.Empty);
        foreach (PodInfo pod in pods)
        {
            SelectedSeries series = deployment.Stored(OfPod(pod, container: "")).Single();
            Assert.That(Samples(series).Select(sample => sample.TimestampMs), Is.Ordered.And.Unique);
            Assert.That(Samples(series), Has.Count.InRange(4, Scrapes / 2), "samples are 10 to 20 s apart: each was on two pages or more");
            (DateTimeOffset Time, double Value)[] usage = await RowTrapTests.CpuAsync(deployment, acme, pod);
            Assert.That(usage, Has.Length.EqualTo(Samples(series).Count));
            (DateTimeOffset Time, double Value)[] rates = await deployment.PointsAsync(acme, $"{Model}/namespaces/acme-web/pods/{pod.Name}/metrics/cpu/usage_rate");
            Assert.That(rates, Has.Length.GreaterThanOrEqualTo(3));
            foreach ((DateTimeOffset time, double millicores) in rates)
            {
                DateTimeOffset before = usage.Last(point => point.Time < time).Time;
                Assert.That(millicores, Is.EqualTo(deployment.Simulator.Truth.CpuCores(pod.Uid, null, before, time) * 1000).Within(0.1).Percent, $"{pod.Name} at {time:O}");
            }
        }
    }

    [Test]
    public async Task A_point_carries_the_time_of_its_sample_and_not_of_the_scrape(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        string globex = deployment.Token("globex-prod", "viewer");
        var scrapes = new List<DateTimeOffset>();
        for (int i = 0; i < 6; i++)
        {
            await deployment.StepAsync(cancellationToken);
            scrapes.Add(deployment.Time.GetUtcNow());
        }
        var ages = new List<TimeSpan>();

        foreach (PodInfo pod in deployment.Simulator.World.Pods.Where(pod => pod.Namespace == "globex-prod" && pod.Phase == "Running"))
        {
            foreach ((DateTimeOffset time, double nanoseconds) in await RowTrapTests.CpuAsync(deployment, globex, pod))
            {
                DateTimeOffset scrape = scrapes.First(scrape => scrape >= time);
                Assert.That(nanoseconds, Is.EqualTo(deployment.Simulator.Truth.CpuNanoseconds(pod.Uid, null, time)).Within(1000), $"{pod.Name} at {time:O}");
                if (scrape - time > TimeSpan.FromSeconds(1))
                    Assert.That(deployment.Simulator.Truth.CpuNanoseconds(pod.Uid, null, scrape), Is.GreaterThan(nanoseconds + 1000), "the scrape's time would be wrong");
                ages.Add(scrape - time);
            }
        }

        Assert.That(ages, Has.Count.GreaterThan(10));
        Assert.That(ages, Has.All.GreaterThanOrEqualTo(TimeSpan.Zero));
        Assert.That(ages.Order().ElementAt(ages.Count / 2), Is.GreaterThan(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task Where_containers_are_ahead_of_their_pod_no_answer_is_negative(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 2), cancellationToken);
        await deployment.StepAsync(10, cancellationToken);
        DateTimeOffset now = deployment.Time.GetUtcNow();

        int ahead = deployment.Simulator.World.Pods.Where(pod => pod.Phase == "Running" && pod.Containers.All(container => container.RestartCount == 0)).Sum(pod =>
            Enumerable.Range(0, 8).Count(step => IsBelowItsContainers(deployment, pod, (now - step * SimulatedDeployment.Step).ToUnixTimeMilliseconds())));
        Assert.That(ahead, Is.GreaterThan(0), "a pod's row was below its containers' sum");

        int points = 0;
        foreach (string caller in new[] { deployment.Operator, deployment.Token("acme-web", "viewer"), deployment.Token("globex-prod", "viewer") })
        {
            foreach (string path in await MetricsAsync(deployment, caller, cancellationToken))
            {
                foreach ((DateTimeOffset time, double value) in await deployment.PointsAsync(caller, path))
                {
                    Assert.That(value, Is.GreaterThanOrEqualTo(0), $"{path} at {time:O}");
                    points++;
                }
            }
        }
        Assert.That(points, Is.GreaterThan(5_000));
    }

    /// <summary>The samples of a series, without markers of an end.</summary>
    internal static IReadOnlyList<Sample> Samples(SelectedSeries series)
    {
        List<Sample> samples = [];
        series.CopyTo(samples);
        return [.. samples.Where(sample => !StaleMarker.Is(sample.Value))];
    }

    internal static Matcher[] OfPod(PodInfo pod, string container) =>
    [
        Matcher.Equal(LabelNames.MetricName, Cpu), Matcher.Equal(LabelNames.MetricsPath, "/metrics/cadvisor"),
        Matcher.Equal(LabelNames.Namespace, pod.Namespace), Matcher.Equal(LabelNames.Pod, pod.Name), Matcher.Equal(LabelNames.Container, container),
    ];

    private static bool IsBelowItsContainers(SimulatedDeployment deployment, PodInfo pod, long atMs)
    {
        double own = deployment.Stored(OfPod(pod, "")).Sum(series => NewestAt(series, atMs));
        return own > 0 && pod.Containers.SelectMany(container => deployment.Stored(OfPod(pod, container.Name))).Sum(series => NewestAt(series, atMs)) > own;
    }

    private static double NewestAt(SelectedSeries series, long atMs) => Samples(series).LastOrDefault(sample => sample.TimestampMs <= atMs).Value;

    /// <summary>Every metric of every object that the caller is told of; volumes' sizes, which need a label, apart.</summary>
    private static async Task<IReadOnlyList<string>> MetricsAsync(SimulatedDeployment deployment, string caller, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        await AddAsync(Model);
        foreach (string ns in await deployment.NamesAsync(caller, $"{Model}/namespaces/"))
        {
            await AddAsync($"{Model}/namespaces/{ns}");
            foreach (string pod in await deployment.NamesAsync(caller, $"{Model}/namespaces/{ns}/pods/"))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await AddAsync($"{Model}/namespaces/{ns}/pods/{pod}");
                foreach (string container in await deployment.NamesAsync(caller, $"{Model}/namespaces/{ns}/pods/{pod}/containers"))
                    await AddAsync($"{Model}/namespaces/{ns}/pods/{pod}/containers/{container}");
            }
        }
        if (caller == deployment.Operator)
        {
            foreach (string node in await deployment.NamesAsync(caller, $"{Model}/nodes/"))
                await AddAsync($"{Model}/nodes/{node}");
        }
        return paths;

        async Task AddAsync(string prefix) => paths.AddRange((await deployment.NamesAsync(caller, $"{prefix}/metrics/"))
            .Where(metric => !prefix.Contains("/pods/", StringComparison.Ordinal) || metric is not ("filesystem/limit" or "filesystem/available"))
            .Select(metric => $"{prefix}/metrics/{metric}"));
    }
}
