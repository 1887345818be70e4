using System.Net;
using System.Text.Json;
using Observability.Simulator;

namespace Observability.EndToEnd.Tests.Simulated;

/// <summary>Promise C1, first form: what acme is told is the same, byte for byte, whether or not globex is in the cluster.</summary>
[CancelAfter(300_000)]
internal sealed class NoninterferenceTests
{
    private const string Model = "api/v1/model";

    [Test]
    public async Task Every_answer_to_a_tenant_is_the_same_with_and_without_its_neighbour(CancellationToken cancellationToken)
    {
        SimulatorOptions both = Scenarios.ThreeTenants(seed: 7);
        SimulatorOptions alone = both with { Tenants = [.. both.Tenants.Where(tenant => tenant.Name != "globex")] };
        await using SimulatedDeployment with = await SimulatedDeployment.StartAsync(both, cancellationToken);
        await using SimulatedDeployment without = await SimulatedDeployment.StartAsync(alone, cancellationToken);
        await with.StepAsync(10, cancellationToken);
        await without.StepAsync(10, cancellationToken);
        string[] paths = [.. await PathsAsync(with, cancellationToken)];

        foreach (string path in paths)
        {
            (HttpStatusCode, string) answer = await SettledAsync(with, without, path, cancellationToken);
            Assert.That(await AskAsync(with, path), Is.EqualTo(answer), path);
        }

        Assert.That(paths, Has.Length.GreaterThan(100));
    }

    /// <summary>The answer without the neighbour, asked for again while a last pod's rows are on their way to either aggregator.</summary>
    private static async Task<(HttpStatusCode, string)> SettledAsync(
        SimulatedDeployment with, SimulatedDeployment without, string path, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (int attempt = 0; ; attempt++)
        {
            (HttpStatusCode, string) answer = await AskAsync(without, path);
            if (attempt == 50 || answer == await AskAsync(with, path))
                return answer;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static Task<(HttpStatusCode, string)> AskAsync(SimulatedDeployment deployment, string path) =>
        deployment.GetAsync(deployment.Token("acme-web", "viewer"), path);

    /// <summary>Every list and every metric of every object that acme has, and some that it has not.</summary>
    private static async Task<List<string>> PathsAsync(SimulatedDeployment deployment, CancellationToken cancellationToken)
    {
        var paths = new List<string>
        {
            $"{Model}/namespaces/", $"{Model}/nodes/", $"{Model}/debug/allkeys", "tenants/", "tenants/globex/" + Model + "/namespaces/",
            $"{Model}/namespaces/globex-prod/pods/", $"{Model}/namespaces/globex-prod/metrics/cpu/usage_rate",
        };
        await AddMetricsAsync(Model);
        await AddMetricsAsync($"tenants/acme/{Model}");
        foreach (string ns in await NamesAsync($"{Model}/namespaces/"))
        {
            await AddMetricsAsync($"{Model}/namespaces/{ns}");
            paths.Add($"{Model}/namespaces/{ns}/pods/");
            foreach (string pod in await NamesAsync($"{Model}/namespaces/{ns}/pods/"))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await AddMetricsAsync($"{Model}/namespaces/{ns}/pods/{pod}");
                foreach (string container in await NamesAsync($"{Model}/namespaces/{ns}/pods/{pod}/containers"))
                    await AddMetricsAsync($"{Model}/namespaces/{ns}/pods/{pod}/containers/{container}");
            }
        }
        return paths;

        async Task AddMetricsAsync(string prefix)
        {
            paths.Add($"{prefix}/metrics/");
            paths.AddRange((await NamesAsync($"{prefix}/metrics/")).Select(metric => $"{prefix}/metrics/{metric}"));
        }

        async Task<string[]> NamesAsync(string path)
        {
            (HttpStatusCode status, string body) = await AskAsync(deployment, path);
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"{path}: {body}");
            return JsonSerializer.Deserialize<string[]>(body) ?? [];
        }
    }
}
