using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Observability.Model.Families;

/// <summary>
/// The families that the product keeps: what a collector lets pass and what the aggregator writes itself. They are the same for everybody,
/// so that what a tenant is told of a metric depends on nobody else's page.
/// </summary>
public static class KnownFamilies
{
    private static readonly FrozenDictionary<string, MetricFamily> ByName =
        Containers().Concat(Pods()).Concat(Nodes()).Concat(Resources()).Concat(Scrapes()).ToFrozenDictionary(family => family.Name, StringComparer.Ordinal);

    /// <summary>Sorted by nothing.</summary>
    public static IReadOnlyCollection<MetricFamily> All => ByName.Values;

    public static bool TryFind(string name, [NotNullWhen(true)] out MetricFamily? family) => ByName.TryGetValue(name, out family);

    private static IEnumerable<MetricFamily> Containers() =>
    [
        Counter("container_cpu_usage_seconds_total", "CPU time used.", "seconds"),
        Counter("container_cpu_user_seconds_total", "CPU time used in user mode.", "seconds"),
        Counter("container_cpu_system_seconds_total", "CPU time used in the kernel.", "seconds"),
        Counter("container_cpu_cfs_periods_total", "Periods of the CPU quota that have passed."),
        Counter("container_cpu_cfs_throttled_periods_total", "Periods in which the CPU quota was used up."),
        Counter("container_cpu_cfs_throttled_seconds_total", "Time that processes were held back by the CPU quota.", "seconds"),
        Counter("container_memory_failcnt", "How often the memory limit was reached."),
        Counter("container_memory_failures_total", "Page faults, by kind and scope."),
        Gauge("container_memory_usage_bytes", "Memory in use, caches included.", "bytes"),
        Gauge("container_memory_working_set_bytes", "Memory that cannot be given back under pressure: what limits and evictions look at.", "bytes"),
        Gauge("container_memory_rss", "Anonymous memory and swap cache.", "bytes"),
        Gauge("container_memory_cache", "Page cache.", "bytes"),
        Gauge("container_memory_swap", "Swap in use.", "bytes"),
        Gauge("container_swap_usage_bytes", "Swap in use.", "bytes"),
        Gauge("container_memory_max_usage_bytes", "Most memory that was in use.", "bytes"),
        Counter("container_oom_events_total", "Processes killed for lack of memory."),
        Counter("container_pressure_cpu_waiting_seconds_total", "Time that some process waited for CPU.", "seconds"),
        Counter("container_pressure_cpu_stalled_seconds_total", "Time that all processes waited for CPU.", "seconds"),
        Counter("container_pressure_memory_waiting_seconds_total", "Time that some process waited for memory.", "seconds"),
        Counter("container_pressure_memory_stalled_seconds_total", "Time that all processes waited for memory.", "seconds"),
        Counter("container_pressure_io_waiting_seconds_total", "Time that some process waited for I/O.", "seconds"),
        Counter("container_pressure_io_stalled_seconds_total", "Time that all processes waited for I/O.", "seconds"),
        Gauge("container_processes", "Processes."),
        Gauge("container_threads", "Threads."),
        Gauge("container_file_descriptors", "Open file descriptors."),
        Gauge("container_spec_cpu_quota", "CPU quota of a period, in microseconds; -1: none."),
        Gauge("container_spec_cpu_period", "Period of the CPU quota, in microseconds."),
        Gauge("container_spec_cpu_shares", "Share of CPU under contention."),
        Gauge("container_spec_memory_limit_bytes", "Memory limit; 0: none.", "bytes"),
        Gauge("container_start_time_seconds", "When it started, in Unix time.", "seconds"),
        Counter("container_network_receive_bytes_total", "Bytes received.", "bytes"),
        Counter("container_network_receive_packets_total", "Packets received."),
        Counter("container_network_receive_packets_dropped_total", "Packets dropped on receipt."),
        Counter("container_network_receive_errors_total", "Errors on receipt."),
        Counter("container_network_transmit_bytes_total", "Bytes sent.", "bytes"),
        Counter("container_network_transmit_packets_total", "Packets sent."),
        Counter("container_network_transmit_packets_dropped_total", "Packets dropped on sending."),
        Counter("container_network_transmit_errors_total", "Errors on sending."),
        Counter("container_fs_reads_total", "Reads completed, by device."),
        Counter("container_fs_writes_total", "Writes completed, by device."),
        Counter("container_fs_reads_bytes_total", "Bytes read, by device.", "bytes"),
        Counter("container_fs_writes_bytes_total", "Bytes written, by device.", "bytes"),
        Gauge("container_fs_usage_bytes", "File system space in use.", "bytes"),
        Gauge("container_fs_limit_bytes", "File system space there is.", "bytes"),
        Gauge("container_fs_inodes_total", "Inodes there are."),
        Gauge("container_fs_inodes_free", "Inodes that are free."),
    ];

    private static IEnumerable<MetricFamily> Pods() =>
    [
        Counter("pod_cpu_usage_seconds_total", "CPU time used by the pod.", "seconds"),
        Gauge("pod_memory_working_set_bytes", "The pod's memory that cannot be given back under pressure.", "bytes"),
        Gauge("pod_swap_usage_bytes", "The pod's swap in use.", "bytes"),
        Gauge("pod_ephemeral_storage_usage_bytes", "The pod's ephemeral storage in use.", "bytes"),
        Gauge("pod_volume_used_bytes", "A volume's space in use.", "bytes"),
        Gauge("pod_volume_capacity_bytes", "A volume's space.", "bytes"),
        Gauge("pod_start_time_seconds", "When the pod started, in Unix time.", "seconds"),
    ];

    private static IEnumerable<MetricFamily> Nodes() =>
    [
        Gauge("machine_cpu_cores", "The node's logical CPUs."),
        Gauge("machine_memory_bytes", "The node's memory.", "bytes"),
        Counter("node_cpu_usage_seconds_total", "CPU time used by the node.", "seconds"),
        Gauge("node_memory_working_set_bytes", "The node's memory that cannot be given back under pressure.", "bytes"),
        Gauge("node_swap_usage_bytes", "The node's swap in use.", "bytes"),
        Gauge("node_fs_used_bytes", "The node's file system space in use.", "bytes"),
        Gauge("node_fs_capacity_bytes", "The node's file system space.", "bytes"),
    ];

    private static IEnumerable<MetricFamily> Resources() =>
    [
        Gauge("kube_pod_container_resource_requests", "What a container requests, by resource and unit."),
        Gauge("kube_pod_container_resource_limits", "What a container is limited to, by resource and unit."),
        Gauge("kube_pod_overhead", "What a pod's runtime needs besides its containers, by resource and unit."),
        Gauge("kube_node_status_capacity", "What a node has, by resource and unit."),
        Gauge("kube_node_status_allocatable", "What of a node pods may have, by resource and unit."),
    ];

    private static IEnumerable<MetricFamily> Scrapes() =>
    [
        Gauge("up", "1 where the endpoint answered, else 0."),
        Gauge("scrape_duration_seconds", "How long the endpoint took to answer.", "seconds"),
        Gauge("scrape_samples_scraped", "Samples on the endpoint's page."),
        Gauge("resource_scrape_error", "1 where the kubelet had no resource metrics, else 0."),
        Gauge("scrape_error", "1 where the kubelet had no resource metrics, else 0; the name of older kubelets."),
    ];

    private static MetricFamily Counter(string name, string help, string unit = "") => new(name, FamilyType.Counter, help, unit);

    private static MetricFamily Gauge(string name, string help, string unit = "") => new(name, FamilyType.Gauge, help, unit);
}
