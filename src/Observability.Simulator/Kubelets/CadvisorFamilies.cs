using System.Text;
using Observability.Simulator.Cluster;

namespace Observability.Simulator.Kubelets;

/// <summary>Reads one number of a sample.</summary>
internal delegate long SampleValue(in CgroupSample sample);

/// <summary>A family of cAdvisor's page with a row per cgroup.</summary>
internal sealed record CgroupFamily(string Name, string Type, string Help, RowKind Kinds, SampleValue Value)
{
    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(Name);

    public byte[] Header { get; } = Encoding.UTF8.GetBytes($"# HELP {Name} {Help}\n# TYPE {Name} {Type}\n");

    /// <summary>The value is nanoseconds, written as seconds.</summary>
    public bool Nanoseconds { get; init; }

    /// <summary>Specs and start times are not sampled, so they have no time.</summary>
    public bool HasTimestamp { get; init; } = true;

    /// <summary>Only cgroups with a CPU limit have it.</summary>
    public bool NeedsQuota { get; init; }

    /// <summary>The time is that of the page, not of the sample.</summary>
    public bool AtPageTime { get; init; }

    /// <summary>Behind the last label, such as <c>,ulimit="max_open_files"</c>.</summary>
    public byte[] Suffix { get; init; } = [];

    /// <summary>Behind the container label, such as <c>,cpu="total"</c>.</summary>
    public byte[] Infix { get; init; } = [];
}

/// <summary>The families that have one row per cgroup, as kubelets 1.36 describe them.</summary>
internal static class CadvisorFamilies
{
    private const RowKind Quota = RowKind.Pod | RowKind.Container;
    private const RowKind All = RowKind.All;

    public static IReadOnlyList<CgroupFamily> PerCgroup { get; } =
    [
        Counter("container_cpu_cfs_burst_periods_total", "Number of periods when burst occurs.", Quota, Zero) with { NeedsQuota = true },
        Counter("container_cpu_cfs_burst_seconds_total", "Total time duration the container has been bursted.", Quota, Zero) with { NeedsQuota = true },
        Counter("container_cpu_cfs_periods_total", "Number of elapsed enforcement period intervals.", Quota,
            static (in CgroupSample sample) => sample.Use.CfsPeriods) with { NeedsQuota = true },
        Counter("container_cpu_cfs_throttled_periods_total", "Number of throttled period intervals.", Quota,
            static (in CgroupSample sample) => sample.Use.ThrottledPeriods) with { NeedsQuota = true },
        Counter("container_cpu_cfs_throttled_seconds_total", "Total time duration the container has been throttled.", Quota,
            static (in CgroupSample sample) => sample.Use.ThrottledNanoseconds) with { NeedsQuota = true, Nanoseconds = true },
        Gauge("container_cpu_load_average_10s", "Value of container cpu load average over the last 10 seconds.", All, Zero),
        Gauge("container_cpu_load_d_average_10s", "Value of container cpu load.d average over the last 10 seconds.", All, Zero),
        Counter("container_cpu_system_seconds_total", "Cumulative system cpu time consumed in seconds.", All,
            static (in CgroupSample sample) => Jiffies(sample.Use.CpuNanoseconds - sample.Use.UserNanoseconds)) with { Nanoseconds = true },
        Counter("container_cpu_usage_seconds_total", "Cumulative cpu time consumed in seconds.", All,
            static (in CgroupSample sample) => sample.Use.CpuNanoseconds) with { Nanoseconds = true, Infix = ",cpu=\"total\""u8.ToArray() },
        Counter("container_cpu_user_seconds_total", "Cumulative user cpu time consumed in seconds.", All,
            static (in CgroupSample sample) => Jiffies(sample.Use.UserNanoseconds)) with { Nanoseconds = true },
        Gauge("container_file_descriptors", "Number of open file descriptors for the container.", All,
            static (in CgroupSample sample) => sample.Use.FileDescriptors),
        Gauge("container_health_state", "The result of the container's health check", All, static (in CgroupSample _) => -1),
        Gauge("container_last_seen", "Last time a container was seen by the exporter", All, Zero) with { AtPageTime = true },
        Gauge("container_memory_cache", "Number of bytes of page cache memory.", All, static (in CgroupSample sample) => sample.Use.CacheBytes),
        Counter("container_memory_failcnt", "Number of memory usage hits limits", All, Zero),
        Gauge("container_memory_kernel_usage", "Size of kernel memory allocated in bytes.", All,
            static (in CgroupSample sample) => sample.Use.KernelBytes),
        Gauge("container_memory_mapped_file", "Size of memory mapped files in bytes.", All,
            static (in CgroupSample sample) => sample.Use.MappedFileBytes),
        Gauge("container_memory_max_usage_bytes", "Maximum memory usage recorded in bytes", All,
            static (in CgroupSample sample) => sample.Use.MaxUsageBytes),
        Gauge("container_memory_rss", "Size of RSS in bytes.", All, static (in CgroupSample sample) => sample.Use.RssBytes),
        Gauge("container_memory_swap", "Container swap usage in bytes.", All, Zero),
        Gauge("container_memory_total_active_file_bytes", "Current total active file in bytes.", All,
            static (in CgroupSample sample) => sample.Use.ActiveFileBytes),
        Gauge("container_memory_total_inactive_file_bytes", "Current total inactive file in bytes.", All,
            static (in CgroupSample sample) => sample.Use.InactiveFileBytes),
        Gauge("container_memory_usage_bytes", "Current memory usage in bytes, including all memory regardless of when it was accessed", All,
            static (in CgroupSample sample) => sample.Use.MemoryUsageBytes),
        Gauge("container_memory_working_set_bytes", "Current working set in bytes.", All,
            static (in CgroupSample sample) => sample.Use.WorkingSetBytes),
        Counter("container_oom_events_total", "Count of out of memory events observed for the container", All, Zero),
        Gauge("container_processes", "Number of processes running inside the container.", All,
            static (in CgroupSample sample) => sample.Use.Processes),
        Gauge("container_sockets", "Number of open sockets for the container.", All, static (in CgroupSample sample) => sample.Use.Sockets),
        Gauge("container_spec_cpu_period", "CPU period of the container.", All, static (in CgroupSample _) => 100_000) with { HasTimestamp = false },
        Gauge("container_spec_cpu_quota", "CPU quota of the container.", Quota,
            static (in CgroupSample sample) => sample.Row.CpuQuota) with { NeedsQuota = true, HasTimestamp = false },
        Gauge("container_spec_cpu_shares", "CPU share of the container.", All,
            static (in CgroupSample sample) => sample.Row.CpuShares) with { HasTimestamp = false },
        Gauge("container_spec_memory_limit_bytes", "Memory limit for the container.", All,
            static (in CgroupSample sample) => sample.Row.MemoryLimitBytes) with { HasTimestamp = false },
        Gauge("container_spec_memory_reservation_limit_bytes", "Memory reservation limit for the container.", All, Zero) with { HasTimestamp = false },
        Gauge("container_spec_memory_swap_limit_bytes", "Memory swap limit for the container.", All,
            static (in CgroupSample sample) => sample.Row.SwapLimitBytes) with { HasTimestamp = false },
        Gauge("container_start_time_seconds", "Start time of the container since unix epoch in seconds.", All,
            static (in CgroupSample sample) => sample.Row.StartedSeconds) with { HasTimestamp = false },
        Gauge("container_threads", "Number of threads running inside the container", All, static (in CgroupSample sample) => sample.Use.Threads),
        Gauge("container_threads_max", "Maximum number of threads allowed inside the container, infinity if value is zero", All, Zero),
        Gauge("container_ulimits_soft", "Soft ulimit values for the container root process. Unlimited if -1, except priority and nice",
            RowKind.Root | RowKind.Pause | RowKind.Container,
            static (in CgroupSample sample) => sample.Row.Kind == RowKind.Root ? 32_768 : 20_000) with { Suffix = ",ulimit=\"max_open_files\""u8.ToArray() },
    ];

    private static CgroupFamily Counter(string name, string help, RowKind kinds, SampleValue value) => new(name, "counter", help, kinds, value);

    private static CgroupFamily Gauge(string name, string help, RowKind kinds, SampleValue value) => new(name, "gauge", help, kinds, value);

    private static long Zero(in CgroupSample sample) => 0;

    /// <summary>The kernel counts user and system time in hundredths of a second.</summary>
    private static long Jiffies(long nanoseconds) => nanoseconds / 10_000_000 * 10_000_000;
}
