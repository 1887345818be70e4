using CsCheck;
using Observability.Aggregator.ModelApi;
using Observability.Model;
using static Observability.Aggregator.Tests.ModelApi.Cluster;

namespace Observability.Aggregator.Tests.ModelApi;

public sealed class ModelPropertyTests
{
    private const string Cpu = "container_cpu_usage_seconds_total";
    private const string Memory = "container_memory_working_set_bytes";

    private static readonly string[] Metrics = ["cpu/usage", "cpu/usage_rate", "memory/working_set"];

    // Times 10 to 42 s apart, counters that sometimes begin again, series that end. Whole numbers, so that sums are exact in any order.
    private static readonly Gen<(double Time, double Value)[]> Series =
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 1000].Array[2, 12], Gen.Int[10_000, 42_000].Array[12], Gen.Bool).Select((first, values, gaps, ends) =>
        {
            List<(double, double)> samples = [];
            double time = first;
            for (int i = 0; i < values.Length; i++, time += gaps[i % gaps.Length] / 1000.0)
                samples.Add((time, values[i]));
            if (ends)
                samples.Add((time, StaleMarker.Value));
            return samples.ToArray();
        });

    private static readonly Gen<(double Time, double Value)[][]> Pods = Series.Array[1, 5];

    [Test]
    public Task A_tenant_is_the_sum_of_its_namespaces_and_they_of_their_pods() => Gen.Select(Pods, Pods).SampleAsync(async (web, batch) =>
    {
        using var cluster = new Cluster(now: 900); // everything has settled
        await WriteAsync(cluster, Acme, "acme-web", web);
        await WriteAsync(cluster, Acme, "acme-batch", batch);
        foreach (string metric in Metrics)
        {
            Dictionary<long, double> sum = [];
            foreach (string name in (string[])["acme-web", "acme-batch"])
            {
                foreach (Sample point in cluster.Points(AcmeScope, ObjectPath.OfNamespace(name), metric) ?? [])
                    sum[point.TimestampMs] = sum.GetValueOrDefault(point.TimestampMs) + point.Value;
            }

            IReadOnlyList<Sample> tenant = cluster.Points(AcmeScope, ObjectPath.Everything, metric)!;

            Assert.That(tenant.Select(point => point.TimestampMs), Is.EqualTo(sum.Keys.Order()), metric);
            foreach (Sample point in tenant)
                Assert.That(point.Value, Is.EqualTo(sum[point.TimestampMs]).Within(1e-9).Percent, metric);
        }
    }, iter: 60);

    [Test]
    public Task An_answer_is_the_same_with_and_without_another_tenants_data() => Gen.Select(Pods, Pods, Gen.Int[30, 600]).SampleAsync(async (mine, others, now) =>
    {
        using var alone = new Cluster(now: now);
        using var shared = new Cluster(now: now);
        await WriteAsync(shared, Globex, "globex-prod", others);
        await WriteAsync(alone, Acme, "acme-web", mine);
        await WriteAsync(shared, Acme, "acme-web", mine);
        await WriteAsync(shared, Globex, "acme-web", others); // even under the same names

        foreach (ObjectPath path in (ObjectPath[])[ObjectPath.Everything, ObjectPath.OfNamespace("acme-web"), ObjectPath.OfPod("acme-web", "p0"), ObjectPath.OfNamespace("globex-prod")])
        {
            Assert.That(shared.View.Metrics(AcmeScope, path, CancellationToken.None), Is.EqualTo(alone.View.Metrics(AcmeScope, path, CancellationToken.None)));
            foreach (string metric in Metrics)
                Assert.That(shared.Points(AcmeScope, path, metric), Is.EqualTo(alone.Points(AcmeScope, path, metric)), metric);
        }
        Assert.That(shared.Objects.AllKeys(AcmeScope, CancellationToken.None), Is.EqualTo(alone.Objects.AllKeys(AcmeScope, CancellationToken.None)));
    }, iter: 60);

    [Test]
    public Task A_point_does_not_depend_on_the_range_it_was_asked_in() => Gen.Select(Pods, Gen.Int[0, 300], Gen.Int[0, 300], Gen.Int[60, 600]).SampleAsync(async (pods, from, length, now) =>
    {
        using var cluster = new Cluster(now: now);
        await WriteAsync(cluster, Acme, "acme-web", pods);
        foreach (string metric in Metrics)
        {
            foreach (ObjectPath path in (ObjectPath[])[ObjectPath.OfNamespace("acme-web"), ObjectPath.OfPod("acme-web", "p0")])
            {
                IReadOnlyList<Sample> whole = cluster.Points(AcmeScope, path, metric) ?? [];

                IReadOnlyList<Sample> part = cluster.Points(AcmeScope, path, metric, from, from + length) ?? [];

                Assert.That(part, Is.EqualTo(whole.Where(point => point.TimestampMs >= At(from) && point.TimestampMs <= At(from + length))), metric);
            }
        }
    }, iter: 60);

    [Test]
    public Task No_value_is_ever_negative() => Pods.SampleAsync(async pods =>
    {
        using var cluster = new Cluster(now: 600);
        await WriteAsync(cluster, Acme, "acme-web", pods);
        foreach (string metric in Metrics)
            Assert.That(cluster.Points(AcmeScope, ObjectPath.Everything, metric)!.Select(point => point.Value), Is.All.GreaterThanOrEqualTo(0));
    }, iter: 60);

    private static async Task WriteAsync(Cluster cluster, TenantUid tenant, string @namespace, (double, double)[][] pods)
    {
        for (int i = 0; i < pods.Length; i++)
        {
            await cluster.WriteAsync(tenant, PodRow(Cpu, @namespace, $"p{i}"), pods[i]);
            await cluster.WriteAsync(tenant, PodRow(Memory, @namespace, $"p{i}"), pods[i]);
        }
    }
}
