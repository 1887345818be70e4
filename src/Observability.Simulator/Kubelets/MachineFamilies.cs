using System.Text;
using Observability.Simulator.Cluster;

namespace Observability.Simulator.Kubelets;

/// <summary>The families about the machine and about cAdvisor itself: no base labels and no time.</summary>
internal static class MachineFamilies
{
    public static IReadOnlyList<(string Name, Action<PageWriter, Node> Write)> All { get; } =
    [
        ("cadvisor_version_info", (page, _) => Row(
            page,
            "cadvisor_version_info",
            "A metric with a constant '1' value labeled by kernel version, OS version, docker version, cadvisor version & cadvisor revision.",
            ("{cadvisorRevision=\"\",cadvisorVersion=\"\",dockerVersion=\"\",kernelVersion=\"6.18.0\",osVersion=\"Simulated Linux\"}", 1))),
        ("container_scrape_error", (page, _) =>
            Row(page, "container_scrape_error", "1 if there was an error while getting container metrics, 0 otherwise", ("", 0))),
        Machine("machine_cpu_books", "Number of CPU books.", 0),
        Machine("machine_cpu_cores", "Number of logical CPU cores.", Node.Cores),
        Machine("machine_cpu_drawers", "Number of CPU drawers.", 0),
        Machine("machine_cpu_physical_cores", "Number of physical CPU cores.", Node.Cores),
        Machine("machine_cpu_sockets", "Number of CPU sockets.", 1),
        Machine("machine_memory_bytes", "Amount of memory installed on the machine.", Node.MemoryBytes),
        Machine("machine_nvm_avg_power_budget_watts", "NVM power budget.", 0),
        ("machine_nvm_capacity", (page, node) => Row(
            page,
            "machine_nvm_capacity",
            "NVM capacity value labeled by NVM mode (memory mode or app direct mode).",
            (MachineLabels(node, ",mode=\"app_direct_mode\""), 0),
            (MachineLabels(node, ",mode=\"memory_mode\""), 0))),
        ("machine_scrape_error", (page, _) =>
            Row(page, "machine_scrape_error", "1 if there was an error while getting machine metrics, 0 otherwise.", ("", 0))),
        Machine("machine_swap_bytes", "Amount of swap memory available on the machine.", 0),
    ];

    private static (string Name, Action<PageWriter, Node> Write) Machine(string name, string help, long value) =>
        (name, (page, node) => Row(page, name, help, (MachineLabels(node, ""), value)));

    private static string MachineLabels(Node node, string mode) =>
        $"{{boot_id=\"{node.BootId}\",machine_id=\"{node.MachineId}\"{mode},system_uuid=\"{node.MachineId}\"}}";

    private static void Row(PageWriter page, string name, string help, params ReadOnlySpan<(string Labels, long Value)> rows)
    {
        page.Write(Encoding.UTF8.GetBytes($"# HELP {name} {help}\n# TYPE {name} gauge\n"));
        foreach ((string labels, long value) in rows)
        {
            page.Write(Encoding.UTF8.GetBytes($"{name}{labels} "));
            page.WriteFloat(value);
            page.Write((byte)'\n');
        }
    }
}
