using System.Text;
using Observability.Simulator.Cluster;

namespace Observability.Simulator.Kubelets;

/// <summary>
/// /metrics/resource: cAdvisor's own samples, by name alone. No UID and no container id, so a restarted container's series goes on and falls.
/// </summary>
internal static class ResourcePage
{
    public static void Write(PageWriter page, IReadOnlyList<ResourceRow> containers, IReadOnlyList<ResourceRow> pods, ResourceRow? node)
    {
        Family(page, "container_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the container in core-seconds", containers, Cpu);
        Family(page, "container_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the container in bytes", containers, WorkingSet);
        Header(page, "container_start_time_seconds", "gauge", "[STABLE] Start time of the container since unix epoch in seconds");
        foreach (ResourceRow row in containers)
        {
            Row(page, "container_start_time_seconds", row);
            page.WriteFloat((row.Started - DateTimeOffset.UnixEpoch).Ticks / 1e7);
            page.Write((byte)'\n');
        }

        Family(
            page,
            "container_swap_limit_bytes",
            "gauge",
            "[ALPHA] Current amount of the container swap limit in bytes. Reported only on non-windows systems",
            [.. containers.Where(row => row.SwapLimitBytes > 0)],
            (target, row) => target.WriteFloat(row.SwapLimitBytes));
        Family(
            page,
            "container_swap_usage_bytes",
            "gauge",
            "[ALPHA] Current amount of the container swap usage in bytes. Reported only on non-windows systems",
            containers,
            Nothing);

        IReadOnlyList<ResourceRow> nodes = node is null ? [] : [node];
        Family(page, "node_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the node in core-seconds", nodes, Cpu);
        Family(page, "node_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the node in bytes", nodes, WorkingSet);
        Family(page, "node_swap_usage_bytes", "gauge", "[ALPHA] Current swap usage of the node in bytes. Reported only on non-windows systems", nodes, Nothing);
        Family(page, "pod_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the pod in core-seconds", pods, Cpu);
        Family(page, "pod_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the pod in bytes", pods, WorkingSet);
        Family(page, "pod_swap_usage_bytes", "gauge", "[ALPHA] Current amount of the pod swap usage in bytes. Reported only on non-windows systems", pods, Nothing);
        Header(page, "resource_scrape_error", "gauge", "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise");
        page.Write("resource_scrape_error 0\n"u8);
    }

    private static void Cpu(PageWriter page, ResourceRow row) => page.WriteFloat(row.Use.CpuNanoseconds / 1e9);

    private static void WorkingSet(PageWriter page, ResourceRow row) => page.WriteFloat(row.Use.WorkingSetBytes);

    private static void Nothing(PageWriter page, ResourceRow row) => page.Write((byte)'0');

    private static void Family(
        PageWriter page, string name, string type, string help, IReadOnlyList<ResourceRow> rows, Action<PageWriter, ResourceRow> value)
    {
        if (rows.Count == 0)
            return;

        Header(page, name, type, help);
        foreach (ResourceRow row in rows)
        {
            Row(page, name, row);
            value(page, row);
            page.Write((byte)' ');
            page.WriteDigits(row.TimestampMs);
            page.Write((byte)'\n');
        }
    }

    private static void Header(PageWriter page, string name, string type, string help) =>
        page.Write(Encoding.UTF8.GetBytes($"# HELP {name} {help}\n# TYPE {name} {type}\n"));

    private static void Row(PageWriter page, string name, ResourceRow row)
    {
        page.Write(Encoding.UTF8.GetBytes(name));
        page.Write(Encoding.UTF8.GetBytes(row.Labels));
        page.Write((byte)' ');
    }
}

/// <summary>One container, pod or node on the page, with its labels in braces.</summary>
internal sealed record ResourceRow(string Labels, long TimestampMs, ResourceUse Use, DateTimeOffset Started, long SwapLimitBytes)
{
    /// <summary>Containers by container, namespace and pod; pods by namespace and pod.</summary>
    public static (IReadOnlyList<ResourceRow> Containers, IReadOnlyList<ResourceRow> Pods, ResourceRow? Node) Of(Node node, DateTimeOffset now)
    {
        SortedDictionary<string, ResourceRow> containers = new(StringComparer.Ordinal);
        SortedDictionary<string, ResourceRow> pods = new(StringComparer.Ordinal);
        foreach (Pod pod in node.Pods.Where(pod => pod.SandboxStarted is not null))
        {
            string name = $"namespace=\"{pod.Spec.Namespace}\",pod=\"{pod.Spec.Name}\"}}";
            if (NodeSampler.LatestSample(node.Sampler.PodRow(pod), now, null) is { } sampled)
                pods[name] = new ResourceRow("{" + name, sampled.TimeMs, pod.UseAt(Time(sampled.TimeMs)), pod.SandboxStarted!.Value, 0);

            foreach (ContainerRun run in pod.Runs.Where(run => run.Ended is null))
            {
                if (NodeSampler.LatestSample(node.Sampler.RunRow(pod, run), now, null) is { } latest)
                {
                    string labels = $"{{container=\"{run.Spec.Name}\",{name}";
                    containers[labels] = new ResourceRow(labels, latest.TimeMs, run.UseAt(Time(latest.TimeMs)), run.Started, run.Spec.MemoryLimitBytes);
                }
            }
        }

        ResourceRow? root = NodeSampler.LatestSample(node.Sampler.Root, now, null) is { } rootSample
            ? new ResourceRow("", rootSample.TimeMs, node.RootAt(Time(rootSample.TimeMs)), node.Booted, 0)
            : null;
        return ([.. containers.Values], [.. pods.Values], root);
    }

    private static DateTimeOffset Time(long timestampMs) => DateTimeOffset.FromUnixTimeMilliseconds(timestampMs);
}
