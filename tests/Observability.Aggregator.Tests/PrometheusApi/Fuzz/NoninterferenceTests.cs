using System.Collections.Concurrent;
using Observability.Model;

namespace Observability.Aggregator.Tests.PrometheusApi.Fuzz;

/// <summary>
/// acme asks the same of two aggregators: one that holds its data alone, and one where globex, initech and the operator have as much, and more,
/// under the same names and under names of their own.
/// </summary>
[Category("Long")]
[CancelAfter(600_000)]
public class NoninterferenceTests
{
    private const int Requests = 20_000;

    [Test]
    public async Task No_answer_tells_whether_other_tenants_have_data(CancellationToken cancellationToken)
    {
        await using ApiServer alone = await ApiServer.StartAsync(new QuerySettings { Experimental = true });
        await using ApiServer shared = await ApiServer.StartAsync(new QuerySettings { Experimental = true });
        alone.SetTenants("acme");
        shared.SetTenants("acme", "globex", "initech");
        await WriteOthersAsync(shared);
        await WriteAcmeAsync(alone);
        await WriteAcmeAsync(shared);
        await WriteOthersAsync(shared, later: true);

        var faults = new ConcurrentQueue<string>();
        var tally = new ConcurrentDictionary<(string Endpoint, int Status), int>();
        int withData = 0;
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (i, _) =>
        {
            RandomRequest request = RandomRequest.Make(new Random(i), alone.NowMs);
            Answer[] answers = await Task.WhenAll(alone.SendAsync(request.Message()), shared.SendAsync(request.Message()));

            tally.AddOrUpdate((request.Endpoint.Split('/')[0], answers[0].Status), 1, (_, count) => count + 1);
            if (answers[0].Text.Contains("p1", StringComparison.Ordinal))
                Interlocked.Increment(ref withData);
            if (answers[0].Status >= 500 && answers[0].Status != 503)
                faults.Enqueue($"seed {i}: {answers[0].Status} for {Show(request)}");
            if (answers[0].Status != answers[1].Status || answers[0].Headers != answers[1].Headers || !answers[0].Body.AsSpan().SequenceEqual(answers[1].Body))
                faults.Enqueue($"seed {i}: {Show(request)}\n  alone: {answers[0].Status} {Cut(answers[0].Text)}\n shared: {answers[1].Status} {Cut(answers[1].Text)}");
        });

        foreach (var count in tally.OrderBy(count => count.Key))
            TestContext.Out.WriteLine($"{count.Key.Endpoint} {count.Key.Status}: {count.Value}");
        TestContext.Out.WriteLine($"{withData} answers named a pod of acme");
        Assert.That(faults, Is.Empty, () => string.Join('\n', faults.Take(20)));
        // The questions must be worth asking: most are understood, many find something, every endpoint has its turn.
        Assert.That(tally.Where(count => count.Key.Status == 200).Sum(count => count.Value), Is.GreaterThan(Requests / 2));
        Assert.That(withData, Is.GreaterThan(Requests / 10));
        Assert.That(tally.Keys.Select(key => key.Endpoint).Distinct().Count(), Is.GreaterThanOrEqualTo(15));
    }

    private static string Show(RandomRequest request) =>
        $"{request.Method} {Uri.UnescapeDataString(request.Target)} {(request.Body is null || request.Endpoint == "read" ? "" : Uri.UnescapeDataString(System.Text.Encoding.ASCII.GetString(request.Body)))}";

    private static string Cut(string text) => text.Length <= 300 ? text : text[..300] + "…";

    private static async Task WriteAcmeAsync(ApiServer server)
    {
        for (int pod = 1; pod <= 4; pod++)
        {
            (double, double)[] counter = [.. Enumerable.Range(0, 60).Select(i => (-900.0 + 15 * i, (double)((i * pod * 7) % 200)))];
            await server.WriteAsync("acme", ApiServer.PodSeries("work_total", "acme", $"p{pod}"), counter);
            await server.WriteAsync("acme", ApiServer.PodSeries("memory_bytes", "acme", $"p{pod}"), [.. counter.Where((_, i) => i % (pod + 1) != 0).Select(sample => (sample.Item1, Math.Sin(sample.Item1) * pod))]);
            await server.WriteAsync("acme", ApiServer.PodSeries("container_memory_rss", "acme", $"p{pod}"), (-20 * pod, pod));
            foreach (string bound in (string[])["0.5", "1", "+Inf"])
                await server.WriteAsync("acme", ApiServer.PodSeries("le_bucket", "acme", $"p{pod}", ("le", bound)), [.. counter.Select(sample => (sample.Item1, sample.Item2 + bound.Length))]);
        }
        await server.WriteAsync("acme", ApiServer.PodSeries("up", "acme", "p1"), (-60, 1), (-45, 1), (-30, StaleMarker.Value));
        await server.WriteAsync("acme", LabelSet.Of(("__name__", "target_info"), ("instance", "n1"), ("job", "kubelet"), ("tenant", "acme"), ("version", "1")), (-60, 1), (-10, 1));
    }

    private static async Task WriteOthersAsync(ApiServer server, bool later = false)
    {
        foreach (string tenant in (string[])["globex", "initech", "_system", "_unassigned"])
        {
            for (int pod = 1; pod <= 6; pod++)
            {
                (double, double)[] samples = [.. Enumerable.Range(0, 60).Select(i => ((later ? -899.0 : -900.0) + 15 * i, 42.0 + i))];
                foreach (string metric in (string[])["work_total", "memory_bytes", "secret_v", "up", "container_memory_cache", "secret_info"])
                    await server.WriteAsync(tenant, ApiServer.PodSeries(metric, tenant, later ? "canary-v" : $"p{pod}", ("hidden", $"canary-{pod}")), samples);
                await server.WriteAsync(tenant, ApiServer.PodSeries("le_bucket", tenant, $"p{pod}", ("le", later ? "+Inf" : "2.5")), samples);
            }
            await server.WriteAsync(tenant, LabelSet.Of(("__name__", "target_info"), ("instance", later ? "victim:9100" : "n1"), ("job", "kubelet"), ("tenant", tenant), ("hidden", "canary-v")), (-50, 1), (-5, 1));
        }
    }
}
