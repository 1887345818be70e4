using System.Net;
using System.Text.Json;
using Observability.Simulator;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>What a tenant reads is what its pods used.</summary>
[CancelAfter(180_000)]
internal sealed class TruthTests
{
    [Test]
    public async Task The_CPU_rate_of_a_pod_is_the_truth_between_its_samples(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(), cancellationToken);
        string acme = deployment.Token("acme-web", "viewer");
        await deployment.StepAsync(12, cancellationToken);
        PodInfo[] pods = [.. deployment.Simulator.World.Pods.Where(pod => pod.Namespace == "acme-web" && pod.Phase == "Running")];

        int compared = 0;
        foreach (PodInfo pod in pods)
        {
            (DateTimeOffset Time, double Value)[] usage = Points(await deployment.GetAsync(acme, $"api/v1/model/namespaces/acme-web/pods/{pod.Name}/metrics/cpu/usage"));
            (DateTimeOffset Time, double Value)[] rates = Points(await deployment.GetAsync(acme, $"api/v1/model/namespaces/acme-web/pods/{pod.Name}/metrics/cpu/usage_rate"));
            foreach ((DateTimeOffset time, double rate) in rates)
            {
                DateTimeOffset before = usage.Last(point => point.Time < time).Time;
                double truth = deployment.Simulator.Truth.CpuCores(pod.Uid, null, before, time) * 1000;
                Assert.That(rate, Is.EqualTo(truth).Within(2).Percent, $"{pod.Name} at {time:O}");
                compared++;
            }
        }

        Assert.That(compared, Is.GreaterThan(pods.Length * 5));
    }

    [Test]
    public async Task Memory_and_network_are_the_truth_at_the_samples_times(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(), cancellationToken);
        string globex = deployment.Token("globex-prod", "viewer");
        await deployment.StepAsync(6, cancellationToken);

        int compared = 0;
        foreach (PodInfo pod in deployment.Simulator.World.Pods.Where(pod => pod.Namespace == "globex-prod" && pod.Phase == "Running"))
        {
            foreach ((DateTimeOffset time, double bytes) in Points(await deployment.GetAsync(globex, $"api/v1/model/namespaces/globex-prod/pods/{pod.Name}/metrics/memory/working_set")))
            {
                Assert.That(bytes, Is.EqualTo(deployment.Simulator.Truth.WorkingSetBytes(pod.Uid, null, time)).Within(1).Percent, $"{pod.Name} at {time:O}");
                compared++;
            }
            foreach ((DateTimeOffset time, double bytes) in Points(await deployment.GetAsync(globex, $"api/v1/model/namespaces/globex-prod/pods/{pod.Name}/metrics/network/rx")))
            {
                Assert.That(bytes, Is.EqualTo(deployment.Simulator.Truth.NetworkBytes(pod.Uid, time).Receive).Within(1).Percent, $"{pod.Name} at {time:O}");
                compared++;
            }
        }

        Assert.That(compared, Is.GreaterThan(20));
    }

    internal static (DateTimeOffset Time, double Value)[] Points((HttpStatusCode Status, string Body) answer)
    {
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Body);
        using JsonDocument json = JsonDocument.Parse(answer.Body);
        return [.. json.RootElement.GetProperty("metrics").EnumerateArray()
            .Select(point => (point.GetProperty("timestamp").GetDateTimeOffset(), point.GetProperty("value").GetDouble()))];
    }
}
