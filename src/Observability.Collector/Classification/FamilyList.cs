using Observability.Collector.Settings;
using Observability.Exposition;

namespace Observability.Collector.Classification;

/// <summary>
/// The allow-list: families that may pass, each with the type that it must have. A tenant can make cAdvisor emit metrics of any name
/// (spec of cAdvisor's application metrics), so what is not listed is counted and dropped.
/// </summary>
internal sealed class FamilyList
{
    /// <summary>Longest metric name looked up.</summary>
    private const int MaxNameLength = 256;

    private const RowKinds Workloads = RowKinds.Pod | RowKinds.Container;
    private const RowKinds All = RowKinds.Node | RowKinds.Slice | Workloads;

    private readonly List<Family> _families = [];
    private readonly Dictionary<string, Family>[] _byName = new Dictionary<string, Family>[ScrapeEndpoints.Count];

    internal FamilyList(CollectorOptions options)
    {
        for (int i = 0; i < _byName.Length; i++)
            _byName[i] = new Dictionary<string, Family>(StringComparer.Ordinal);
        foreach (Family family in Cadvisor().Where(family => !options.FamiliesRemove.Contains(family.Name)))
            Add(family);
        foreach (string added in options.FamiliesAdd)
            if (TryParse(added, out Family? family) && !_byName[(int)ScrapeEndpoint.Cadvisor].ContainsKey(family.Name))
                Add(family);
        foreach (Family family in Resource(options.ResourcePods).Concat(Summary()).Concat(Self()))
            Add(family);
    }

    internal int Count => _families.Count;

    internal Family this[int index] => _families[index];

    /// <summary>Finds a family by its name on a page; null where it is not kept.</summary>
    internal Family? Find(ScrapeEndpoint endpoint, ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxNameLength)
            return null;
        Span<char> text = stackalloc char[MaxNameLength];
        for (int i = 0; i < name.Length; i++)
            text[i] = (char)name[i]; // every listed name is ASCII, so any other byte finds nothing
        return _byName[(int)endpoint].GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..name.Length], out Family? family) ? family : null;
    }

    /// <summary>A family that the collector itself writes.</summary>
    internal Family Own(ScrapeEndpoint endpoint, string name) => _byName[(int)endpoint][name];

    internal static IEnumerable<string> Errors(CollectorOptions options)
    {
        foreach (string added in options.FamiliesAdd)
            if (!TryParse(added, out _))
                yield return $"--families-add: {added} is not NAME:counter or NAME:gauge with an ASCII metric name.";
        HashSet<string> known = [.. Cadvisor().Select(family => family.Name)];
        foreach (string removed in options.FamiliesRemove)
            if (!known.Contains(removed))
                yield return $"--families-remove: {removed} is not one of the defaults.";
    }

    private void Add(Family family)
    {
        family = family with { Index = _families.Count };
        _families.Add(family);
        _byName[(int)family.Endpoint].Add(family.Name, family);
    }

    private static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Family? family)
    {
        family = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || colon > MaxNameLength || !IsName(text.AsSpan(0, colon)))
            return false;
        MetricType? type = text[(colon + 1)..] switch { "counter" => MetricType.Counter, "gauge" => MetricType.Gauge, _ => null };
        if (type is null)
            return false;
        string name = text[..colon];
        FamilyRole role = name switch
        {
            _ when name.StartsWith("container_network_", StringComparison.Ordinal) => FamilyRole.Network,
            _ when name.StartsWith("machine_", StringComparison.Ordinal) => FamilyRole.Machine,
            _ when name.StartsWith("container_fs_", StringComparison.Ordinal) || name.StartsWith("container_blkio_", StringComparison.Ordinal) => FamilyRole.Device,
            _ => FamilyRole.Plain,
        };
        RowKinds kinds = role switch
        {
            FamilyRole.Network => RowKinds.Node | RowKinds.Sandbox,
            FamilyRole.Machine => RowKinds.Node,
            _ => RowKinds.Node | Workloads,
        };
        family = new Family(name, type.Value, ScrapeEndpoint.Cadvisor, kinds, role);
        return true;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or ':'))
                return false;
        return !char.IsAsciiDigit(name[0]);
    }

    private static IEnumerable<Family> Cadvisor()
    {
        foreach (string name in (string[])["container_cpu_usage_seconds_total", "container_cpu_user_seconds_total", "container_cpu_system_seconds_total",
            "container_memory_failcnt"])
            yield return Counter(name, All);
        foreach (string name in (string[])["container_memory_usage_bytes", "container_memory_working_set_bytes", "container_memory_rss",
            "container_memory_cache", "container_memory_swap", "container_memory_max_usage_bytes"])
            yield return Gauge(name, All);
        foreach (string name in (string[])["container_cpu_cfs_periods_total", "container_cpu_cfs_throttled_periods_total",
            "container_cpu_cfs_throttled_seconds_total", "container_memory_failures_total", "container_oom_events_total",
            "container_pressure_cpu_waiting_seconds_total", "container_pressure_cpu_stalled_seconds_total",
            "container_pressure_memory_waiting_seconds_total", "container_pressure_memory_stalled_seconds_total",
            "container_pressure_io_waiting_seconds_total", "container_pressure_io_stalled_seconds_total"])
            yield return Counter(name, RowKinds.Node | Workloads);
        foreach (string name in (string[])["container_processes", "container_threads", "container_file_descriptors", "container_spec_cpu_quota",
            "container_spec_cpu_period", "container_spec_cpu_shares", "container_spec_memory_limit_bytes"])
            yield return Gauge(name, RowKinds.Node | Workloads);
        yield return Gauge("container_start_time_seconds", RowKinds.Node | Workloads, FamilyRole.StartTime);
        foreach (string direction in (string[])["receive", "transmit"])
            foreach (string what in (string[])["bytes", "packets", "packets_dropped", "errors"])
                yield return Counter($"container_network_{direction}_{what}_total", RowKinds.Node | RowKinds.Sandbox, FamilyRole.Network);
        foreach (string name in (string[])["container_fs_reads_total", "container_fs_writes_total", "container_fs_reads_bytes_total",
            "container_fs_writes_bytes_total"])
            yield return Counter(name, RowKinds.Node | Workloads, FamilyRole.Device);
        foreach (string name in (string[])["container_fs_usage_bytes", "container_fs_limit_bytes", "container_fs_inodes_total", "container_fs_inodes_free"])
            yield return Gauge(name, RowKinds.Node | Workloads, FamilyRole.Device);
        yield return Gauge("machine_cpu_cores", RowKinds.Node, FamilyRole.Machine);
        yield return Gauge("machine_memory_bytes", RowKinds.Node, FamilyRole.Machine);
    }

    private static IEnumerable<Family> Resource(bool pods)
    {
        yield return new Family("node_cpu_usage_seconds_total", MetricType.Counter, ScrapeEndpoint.Resource, RowKinds.Node);
        yield return new Family("node_memory_working_set_bytes", MetricType.Gauge, ScrapeEndpoint.Resource, RowKinds.Node);
        yield return new Family("node_swap_usage_bytes", MetricType.Gauge, ScrapeEndpoint.Resource, RowKinds.Node);
        yield return new Family("resource_scrape_error", MetricType.Gauge, ScrapeEndpoint.Resource, RowKinds.Node, FamilyRole.ScrapeError);
        yield return new Family("scrape_error", MetricType.Gauge, ScrapeEndpoint.Resource, RowKinds.Node, FamilyRole.ScrapeError);
        if (!pods)
            yield break;
        yield return new Family("container_cpu_usage_seconds_total", MetricType.Counter, ScrapeEndpoint.Resource, RowKinds.Container);
        yield return new Family("container_memory_working_set_bytes", MetricType.Gauge, ScrapeEndpoint.Resource, RowKinds.Container);
        yield return new Family("container_swap_usage_bytes", MetricType.Gauge, ScrapeEndpoint.Resource, RowKinds.Container);
        yield return new Family("container_start_time_seconds", MetricType.Gauge, ScrapeEndpoint.Resource, RowKinds.Container);
        yield return new Family("pod_cpu_usage_seconds_total", MetricType.Counter, ScrapeEndpoint.Resource, RowKinds.Pod);
        yield return new Family("pod_memory_working_set_bytes", MetricType.Gauge, ScrapeEndpoint.Resource, RowKinds.Pod);
        yield return new Family("pod_swap_usage_bytes", MetricType.Gauge, ScrapeEndpoint.Resource, RowKinds.Pod);
    }

    private static IEnumerable<Family> Summary()
    {
        yield return new Family("container_fs_usage_bytes", MetricType.Gauge, ScrapeEndpoint.Summary, RowKinds.Container);
        foreach (string name in (string[])["pod_ephemeral_storage_usage_bytes", "pod_volume_used_bytes", "pod_volume_capacity_bytes", "pod_start_time_seconds"])
            yield return new Family(name, MetricType.Gauge, ScrapeEndpoint.Summary, RowKinds.Pod);
        yield return new Family("node_fs_used_bytes", MetricType.Gauge, ScrapeEndpoint.Summary, RowKinds.Node);
        yield return new Family("node_fs_capacity_bytes", MetricType.Gauge, ScrapeEndpoint.Summary, RowKinds.Node);
    }

    private static IEnumerable<Family> Self() =>
        ((string[])["up", "scrape_duration_seconds", "scrape_samples_scraped"])
            .Select(name => new Family(name, MetricType.Gauge, ScrapeEndpoint.Self, RowKinds.Node));

    private static Family Counter(string name, RowKinds kinds, FamilyRole role = FamilyRole.Plain) =>
        new(name, MetricType.Counter, ScrapeEndpoint.Cadvisor, kinds, role);

    private static Family Gauge(string name, RowKinds kinds, FamilyRole role = FamilyRole.Plain) =>
        new(name, MetricType.Gauge, ScrapeEndpoint.Cadvisor, kinds, role);
}
