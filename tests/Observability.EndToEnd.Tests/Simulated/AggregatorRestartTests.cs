using System.Net;
using Observability.Collector;
using Observability.Simulator;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>Promise L on the way: what the aggregator had not acknowledged when it went is delivered to the next one.</summary>
[CancelAfter(180_000)]
internal sealed class AggregatorRestartTests
{
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);

    [Test]
    public async Task What_was_scraped_while_the_aggregator_was_away_is_there_afterwards(CancellationToken cancellationToken)
    {
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(), cancellationToken);
        string acme = deployment.Token("acme-web", "viewer");
        await deployment.StepAsync(3, cancellationToken);
        DateTimeOffset gone = deployment.Time.GetUtcNow();
        PodInfo pod = deployment.Simulator.World.Pods.First(pod => pod.Namespace == "acme-web" && pod.Phase == "Running");

        await deployment.RestartAggregatorAsync(
            async () =>
            {
                for (int i = 0; i < 4; i++)
                {
                    deployment.Time.Advance(SimulatedDeployment.Step);
                    foreach (NodeCollector collector in deployment.Collectors)
                        await collector.ScrapeAsync(deployment.Time.GetUtcNow(), summary: false, cancellationToken);
                }
            },
            cancellationToken);
        DateTimeOffset back = deployment.Time.GetUtcNow();
        await deployment.UntilPodsAreKnownAsync(cancellationToken);
        await ReconnectAsync(deployment, within: TimeSpan.FromSeconds(10), cancellationToken);

        (DateTimeOffset Time, double Value)[] usage =
            TruthTests.Points(await deployment.GetAsync(acme, $"api/v1/model/namespaces/acme-web/pods/{pod.Name}/metrics/cpu/usage"));
        DateTimeOffset[] meanwhile = [.. usage.Select(point => point.Time).Where(time => time > gone && time <= back)];
        Assert.That(meanwhile, Has.Length.GreaterThanOrEqualTo(3), "a sample every 10 to 20 s");
        foreach ((DateTimeOffset time, double nanoseconds) in usage)
            Assert.That(nanoseconds, Is.EqualTo((double)deployment.Simulator.Truth.CpuNanoseconds(pod.Uid, null, time)).Within(0.1).Percent);
    }

    /// <summary>Moves the clock in small steps, as far as the collectors may take to come back, until every batch was acknowledged.</summary>
    private static async Task ReconnectAsync(SimulatedDeployment deployment, TimeSpan within, CancellationToken cancellationToken)
    {
        Task flushed = Task.WhenAll(deployment.Collectors.Select(collector => collector.FlushAsync(cancellationToken)));
        for (TimeSpan passed = TimeSpan.Zero; !flushed.IsCompleted && passed < within; passed += Half)
        {
            deployment.Time.Advance(Half);
            // A connection takes real time: give this moment's attempt a chance before the clock goes on.
            await Task.WhenAny(flushed, Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken));
        }
        await flushed.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
    }
}
