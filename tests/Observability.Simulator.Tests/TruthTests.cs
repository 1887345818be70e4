namespace Observability.Simulator.Tests;

public sealed class TruthTests
{
    [Test]
    public async Task A_page_says_the_truth_at_each_samples_own_time()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        Truth truth = cluster.Simulator.Truth;
        Dictionary<string, PodInfo> pods = cluster.World.Pods.ToDictionary(pod => pod.CgroupUid);

        Page page = await cluster.CadvisorAsync();

        int compared = 0;
        foreach (Row row in page.Rows.Where(row => row["id"].Contains("/pod", StringComparison.Ordinal)))
        {
            PodInfo pod = pods[row["id"].Split("/pod")[1].Split('/')[0]];
            string? container = row["container"].Length == 0 ? null : row["container"];
            double? expected = row.Name switch
            {
                "container_cpu_usage_seconds_total" when Known(row) => truth.CpuSeconds(pod.Uid, container, row.Time),
                "container_memory_working_set_bytes" when Known(row) => truth.WorkingSetBytes(pod.Uid, container, row.Time),
                "container_memory_usage_bytes" when Known(row) => truth.MemoryUsageBytes(pod.Uid, container, row.Time),
                "container_network_receive_bytes_total" when !pod.HostNetwork => truth.NetworkBytes(pod.Uid, row.Time).Receive,
                "container_network_transmit_bytes_total" when !pod.HostNetwork => truth.NetworkBytes(pod.Uid, row.Time).Transmit,
                _ => null,
            };
            if (expected is not { } value)
                continue;

            compared++;
            Assert.That(row.Value, Is.EqualTo(value), row.Line);
        }

        Assert.That(compared, Is.GreaterThan(80));

        // A pause row is a part of its pod's cgroup that the truth does not name.
        static bool Known(Row row) => row["container"].Length > 0 || row["name"].Length == 0;
    }

    [Test]
    public async Task Cpu_never_falls_and_moves_at_about_the_specified_rate()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        PodInfo pod = cluster.World.FindPod("acme-web", "web-app")!;
        DateTimeOffset from = RunningCluster.Start;
        double before = 0;

        for (int second = 0; second < 3600; second += 7)
        {
            double now = cluster.Simulator.Truth.CpuSeconds(pod.Uid, "app", from.AddSeconds(second));
            Assert.That(now, Is.GreaterThanOrEqualTo(before));
            before = now;
        }

        Assert.That(cluster.Simulator.Truth.CpuCores(pod.Uid, "app", from, from.AddHours(10)), Is.EqualTo(0.12).Within(5).Percent);
    }

    [Test]
    public async Task The_summary_says_the_exact_nanoseconds()
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync();
        Page page = await cluster.CadvisorAsync();

        string text = await cluster.Kubelet().GetStringAsync("stats/summary", cluster.Deadline);

        using System.Text.Json.JsonDocument summary = System.Text.Json.JsonDocument.Parse(text);
        foreach (System.Text.Json.JsonElement pod in summary.RootElement.GetProperty("pods").EnumerateArray())
        {
            string uid = pod.GetProperty("podRef").GetProperty("uid").GetString()!;
            Row? row = page.Family("container_cpu_usage_seconds_total")
                .SingleOrDefault(row => row["name"].Length == 0 && row["id"].EndsWith("/pod" + uid, StringComparison.Ordinal));
            if (row is null)
                continue;
            Assert.That(
                pod.GetProperty("cpu").GetProperty("usageCoreNanoSeconds").GetInt64(),
                Is.EqualTo(cluster.Simulator.Truth.CpuNanoseconds(uid, null, row.Time)));
        }
    }
}
