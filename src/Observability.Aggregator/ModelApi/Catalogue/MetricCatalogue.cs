using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using static Observability.Aggregator.ModelApi.Catalogue.StoredRows;

namespace Observability.Aggregator.ModelApi.Catalogue;

/// <summary>The table of all metrics: what Heapster named, computed from what is stored today. Data; there is no code path per metric.</summary>
internal static class MetricCatalogue
{
    private const double NanosecondsPerSecond = 1e9;
    private const double Millicores = 1e3; // of a core, which is a CPU second per second
    private const string PageFaults = "container_memory_failures_total";
    private const string Requests = "kube_pod_container_resource_requests";
    private const string Limits = "kube_pod_container_resource_limits";

    private const ObjectLevel SumOfPods = ObjectLevel.Namespace | ObjectLevel.Tenant;

    /// <summary>Sorted by name.</summary>
    internal static ImmutableArray<MetricDefinition> All { get; } =
    [
        .. ((IEnumerable<MetricDefinition>)
        [
            Measured("cpu/usage", "nanoseconds", "CPU time used since the start, all cores.",
                "container_cpu_usage_seconds_total", ValueKind.Cumulative, NanosecondsPerSecond, isWhole: true),
            Measured("cpu/usage_rate", "millicores", "CPU in use.", "container_cpu_usage_seconds_total", ValueKind.Rate, Millicores),
            Measured("memory/usage", "bytes", "Memory charged, page cache included.", "container_memory_usage_bytes", ValueKind.Gauge),
            Measured("memory/working_set", "bytes", "Memory that cannot be given back under pressure.", "container_memory_working_set_bytes", ValueKind.Gauge),
            Measured("memory/rss", "bytes", "Anonymous memory.", "container_memory_rss", ValueKind.Gauge),
            Measured("memory/cache", "bytes", "Page cache.", "container_memory_cache", ValueKind.Gauge),
            Faults("memory/page_faults", "count", "Page faults since the start.", "pgfault", ValueKind.Cumulative),
            Faults("memory/page_faults_rate", "per second", "Page faults.", "pgfault", ValueKind.Rate),
            Faults("memory/major_page_faults", "count", "Page faults that read from disk, since the start.", "pgmajfault", ValueKind.Cumulative),
            Faults("memory/major_page_faults_rate", "per second", "Page faults that read from disk.", "pgmajfault", ValueKind.Rate),
            Specified("cpu/request", "millicores", "CPU requested.", Requests, "cpu", Millicores),
            Specified("cpu/limit", "millicores", "CPU limit; no point where none is set.", Limits, "cpu", Millicores),
            Specified("memory/request", "bytes", "Memory requested.", Requests, "memory"),
            Specified("memory/limit", "bytes", "Memory limit; no point where none is set.", Limits, "memory"),
            Specified("ephemeral_storage/request", "bytes", "Ephemeral storage requested.", Requests, "ephemeral_storage"),
            Specified("ephemeral_storage/limit", "bytes", "Ephemeral storage limit; no point where none is set.", Limits, "ephemeral_storage"),
            Network("network/rx", "bytes", "Bytes received since the start.", "container_network_receive_bytes_total", ValueKind.Cumulative),
            Network("network/rx_rate", "bytes per second", "Bytes received.", "container_network_receive_bytes_total", ValueKind.Rate),
            Network("network/rx_errors", "count", "Receive errors since the start.", "container_network_receive_errors_total", ValueKind.Cumulative),
            Network("network/rx_errors_rate", "per second", "Receive errors.", "container_network_receive_errors_total", ValueKind.Rate),
            Network("network/tx", "bytes", "Bytes sent since the start.", "container_network_transmit_bytes_total", ValueKind.Cumulative),
            Network("network/tx_rate", "bytes per second", "Bytes sent.", "container_network_transmit_bytes_total", ValueKind.Rate),
            Network("network/tx_errors", "count", "Send errors since the start.", "container_network_transmit_errors_total", ValueKind.Cumulative),
            Network("network/tx_errors_rate", "per second", "Send errors.", "container_network_transmit_errors_total", ValueKind.Rate),
            new("filesystem/usage", "bytes", "Bytes in use; label resource_id.",
            [
                Sum(ObjectLevel.Container, TimeBasis.Samples, OfContainerSummary("container_fs_usage_bytes", ContainerFilesystem)),
                Sum(ObjectLevel.Pod | SumOfPods, TimeBasis.Grid,
                    OfContainerSummary("container_fs_usage_bytes", ContainerFilesystem), OfPodSummary("pod_volume_used_bytes", Volume)),
                Sum(ObjectLevel.Node, TimeBasis.Samples, OfNodeSummary("node_fs_used_bytes", NodeFilesystem)),
                Sum(ObjectLevel.Cluster, TimeBasis.Grid, OfNodeSummary("node_fs_used_bytes", NodeFilesystem)),
            ]),
            new("filesystem/limit", "bytes", "Size; label resource_id.",
            [
                Sum(ObjectLevel.Pod, TimeBasis.Samples, OfPodSummary("pod_volume_capacity_bytes", Volume)) with { NeedsLabels = true },
                Sum(ObjectLevel.Node, TimeBasis.Samples, OfNodeSummary("node_fs_capacity_bytes", NodeFilesystem)),
                Sum(ObjectLevel.Cluster, TimeBasis.Grid, OfNodeSummary("node_fs_capacity_bytes", NodeFilesystem)),
            ]),
            new("filesystem/available", "bytes", "Size less bytes in use; label resource_id.",
            [
                Sum(ObjectLevel.Pod, TimeBasis.Samples, OfPodSummary("pod_volume_capacity_bytes", Volume)) with
                {
                    Minus = OfPodSummary("pod_volume_used_bytes", Volume), NeedsLabels = true,
                },
                Sum(ObjectLevel.Node, TimeBasis.Samples, OfNodeSummary("node_fs_capacity_bytes", NodeFilesystem)) with
                {
                    Minus = OfNodeSummary("node_fs_used_bytes", NodeFilesystem),
                },
                Sum(ObjectLevel.Cluster, TimeBasis.Grid, OfNodeSummary("node_fs_capacity_bytes", NodeFilesystem)) with
                {
                    Minus = OfNodeSummary("node_fs_used_bytes", NodeFilesystem),
                },
            ]),
            new("ephemeral_storage/usage", "bytes", "Ephemeral storage in use: writable layers, logs and local volumes.",
            [
                Sum(ObjectLevel.Container, TimeBasis.Samples, OfContainerSummary("container_fs_usage_bytes")),
                Sum(ObjectLevel.Pod, TimeBasis.Samples, OfPodSummary("pod_ephemeral_storage_usage_bytes")),
                Sum(SumOfPods, TimeBasis.Grid, OfPodSummary("pod_ephemeral_storage_usage_bytes")),
                Sum(ObjectLevel.Node, TimeBasis.Samples, OfNodeSummary("node_fs_used_bytes")),
                Sum(ObjectLevel.Cluster, TimeBasis.Grid, OfNodeSummary("node_fs_used_bytes")),
            ]),
            new("uptime", "milliseconds", "Time since the start.",
            [
                Sum(ObjectLevel.Container, TimeBasis.Samples, OfContainer("container_start_time_seconds")) with { Kind = ValueKind.Age, Scale = 1e3, IsWhole = true },
                Sum(ObjectLevel.Pod, TimeBasis.Samples, OfPodSummary("pod_start_time_seconds")) with { Kind = ValueKind.Age, Scale = 1e3, IsWhole = true },
                Sum(ObjectLevel.Node, TimeBasis.Samples, OfRoot("container_start_time_seconds")) with { Kind = ValueKind.Age, Scale = 1e3, IsWhole = true },
            ]),
            .. NodeResource("cpu", "cpu", "millicores", Millicores, OfRoot("container_cpu_usage_seconds_total"), ValueKind.Rate),
            .. NodeResource("memory", "memory", "bytes", 1, OfRoot("container_memory_usage_bytes"), ValueKind.Gauge),
            .. NodeResource("ephemeral_storage", "ephemeral_storage", "bytes", 1, OfNodeSummary("node_fs_used_bytes"), ValueKind.Gauge),
        ]).OrderBy(definition => definition.Name, StringComparer.Ordinal),
    ];

    /// <summary>Heapster's older names.</summary>
    internal static FrozenDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cpu-usage"] = "cpu/usage_rate",
        ["cpu-limit"] = "cpu/limit",
        ["memory-limit"] = "memory/limit",
        ["memory-usage"] = "memory/usage",
        ["memory-working"] = "memory/working_set",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, MetricDefinition> ByName =
        All.ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);

    /// <summary>Finds a metric by its name or an alias, with its formula at a level. False where the level has no such metric.</summary>
    internal static bool TryFind(
        string name, ObjectLevel level, [NotNullWhen(true)] out MetricDefinition? definition, [NotNullWhen(true)] out MetricFormula? formula)
    {
        formula = ByName.TryGetValue(Aliases.GetValueOrDefault(name, name), out definition) ? definition.At(level) : null;
        return formula is not null;
    }

    /// <summary>A family that all five kinds of rows have: the pod's own row is the pod, pause and finished containers included.</summary>
    private static MetricDefinition Measured(
        string name, string unit, string description, string family, ValueKind kind, double scale = 1, bool isWhole = false)
    {
        MetricFormula Of(ObjectLevel levels, TimeBasis basis, SourceSeries source) =>
            Sum(levels, basis, source) with { Kind = kind, Scale = scale, IsWhole = isWhole };
        return new MetricDefinition(name, unit, description,
        [
            Of(ObjectLevel.Container, TimeBasis.Samples, OfContainer(family)),
            Of(ObjectLevel.Pod, TimeBasis.Samples, OfPod(family)),
            Of(SumOfPods, TimeBasis.Grid, OfPod(family)),
            Of(ObjectLevel.SystemContainer, TimeBasis.Samples, OfSlice(family)),
            Of(ObjectLevel.Node, TimeBasis.Samples, OfRoot(family)),
            Of(ObjectLevel.Cluster, TimeBasis.Grid, OfRoot(family)),
        ]);
    }

    /// <summary>Page faults stand at zero in the rows of a pod's cgroup (seen with cgroup v1), so a pod's are its containers'.</summary>
    private static MetricDefinition Faults(string name, string unit, string description, string type, ValueKind kind)
    {
        (string, string)[] conditions = [("failure_type", type), ("scope", "hierarchy")];
        return new MetricDefinition(name, unit, description,
        [
            Sum(ObjectLevel.Container, TimeBasis.Samples, OfContainer(PageFaults, conditions)) with { Kind = kind },
            Sum(ObjectLevel.Pod | SumOfPods, TimeBasis.Grid, OfContainer(PageFaults, conditions)) with { Kind = kind },
            Sum(ObjectLevel.Node, TimeBasis.Samples, OfRoot(PageFaults, conditions)) with { Kind = kind },
            Sum(ObjectLevel.Cluster, TimeBasis.Grid, OfRoot(PageFaults, conditions)) with { Kind = kind },
        ]);
    }

    /// <summary>Network: the sandbox's rows, one per interface and sampled together. Containers share their pod's and have none.</summary>
    private static MetricDefinition Network(string name, string unit, string description, string family, ValueKind kind) =>
        new(name, unit, description,
        [
            Sum(ObjectLevel.Pod, TimeBasis.Samples, OfPod(family)) with { Kind = kind },
            Sum(SumOfPods, TimeBasis.Grid, OfPod(family)) with { Kind = kind },
            Sum(ObjectLevel.Node, TimeBasis.Samples, OfUplinks(family)) with { Kind = kind },
            Sum(ObjectLevel.Cluster, TimeBasis.Grid, OfUplinks(family)) with { Kind = kind },
        ]);

    /// <summary>Requests and limits: the aggregator samples all containers of a pod at once.</summary>
    private static MetricDefinition Specified(string name, string unit, string description, string family, string resource, double scale = 1) =>
        new(name, unit, description,
        [
            Sum(ObjectLevel.Container | ObjectLevel.Pod, TimeBasis.Samples, OfSpecification(family, resource)) with { Scale = scale },
            Sum(SumOfPods | ObjectLevel.Node | ObjectLevel.Cluster, TimeBasis.Grid, OfSpecification(family, resource)) with { Scale = scale },
        ]);

    private static IEnumerable<MetricDefinition> NodeResource(string prefix, string resource, string unit, double scale, SourceSeries used, ValueKind kind)
    {
        SourceSeries capacity = OfNodeStatus("kube_node_status_capacity", resource);
        SourceSeries allocatable = OfNodeStatus("kube_node_status_allocatable", resource);
        yield return new MetricDefinition($"{prefix}/node_capacity", unit, "What the nodes have.",
        [
            Sum(ObjectLevel.Node, TimeBasis.Samples, capacity) with { Scale = scale },
            Sum(ObjectLevel.Cluster, TimeBasis.Grid, capacity) with { Scale = scale },
        ]);
        yield return new MetricDefinition($"{prefix}/node_allocatable", unit, "What pods may request.",
        [
            Sum(ObjectLevel.Node, TimeBasis.Samples, allocatable) with { Scale = scale },
            Sum(ObjectLevel.Cluster, TimeBasis.Grid, allocatable) with { Scale = scale },
        ]);
        yield return new MetricDefinition($"{prefix}/node_utilization", "ratio", "In use, as a share of what is allocatable.",
        [
            Sum(ObjectLevel.Node, TimeBasis.Samples, used) with { Kind = kind, Over = allocatable },
            Sum(ObjectLevel.Cluster, TimeBasis.Grid, used) with { Kind = kind, Over = allocatable },
        ]);
        yield return new MetricDefinition($"{prefix}/node_reservation", "ratio", "Requested, as a share of what is allocatable.",
            [Sum(ObjectLevel.Node | ObjectLevel.Cluster, TimeBasis.Grid, OfSpecification(Requests, resource)) with { Over = allocatable }]);
    }

    private static MetricFormula Sum(ObjectLevel levels, TimeBasis basis, params ReadOnlySpan<SourceSeries> sources) =>
        new() { Levels = levels, Kind = ValueKind.Gauge, Basis = basis, Plus = [.. sources] };
}
