using System.Globalization;
using System.Text;

namespace Observability.Benchmarks.Exposition;

/// <summary>
/// Pages in the shape of a kubelet's /metrics/cadvisor: the families and kinds of row of Kubernetes 1.36, two containers a pod, sorted
/// as client_golang sorts, explicit timestamps. As recorded, some 30 % of the rows are the root's, most of them its disks, of which each pod
/// brings five, and rows of each kind have the recorded length within 4 %: 265 to 270 bytes on average (251 recorded, with one container a
/// pod). One seed gives one cluster; the scrape number moves values and times.
/// </summary>
internal sealed class KubeletPage
{
    private static readonly string[] Gauges =
    [
        "container_cpu_load_average_10s", "container_cpu_load_d_average_10s", "container_file_descriptors", "container_health_state",
        "container_last_seen", "container_memory_cache", "container_memory_kernel_usage", "container_memory_mapped_file",
        "container_memory_max_usage_bytes", "container_memory_rss", "container_memory_swap", "container_memory_total_active_file_bytes",
        "container_memory_total_inactive_file_bytes", "container_memory_usage_bytes", "container_memory_working_set_bytes",
        "container_processes", "container_sockets", "container_threads", "container_threads_max",
    ];

    private static readonly string[] Counters =
    [
        "container_cpu_system_seconds_total", "container_cpu_user_seconds_total", "container_memory_failcnt", "container_oom_events_total",
    ];

    private static readonly string[] Specs =
    [
        "container_spec_cpu_period", "container_spec_cpu_shares", "container_spec_memory_limit_bytes",
        "container_spec_memory_reservation_limit_bytes", "container_spec_memory_swap_limit_bytes", "container_start_time_seconds",
    ];

    private static readonly string[] Throttling =
    [
        "container_cpu_cfs_burst_periods_total", "container_cpu_cfs_burst_seconds_total", "container_cpu_cfs_periods_total",
        "container_cpu_cfs_throttled_periods_total", "container_cpu_cfs_throttled_seconds_total", "container_spec_cpu_quota",
    ];

    private static readonly string[] Disks =
    [
        "inodes_free", "inodes_total", "io_current", "io_time_seconds_total", "io_time_weighted_seconds_total", "limit_bytes",
        "read_seconds_total", "reads_merged_total", "reads_total", "sector_reads_total", "sector_writes_total", "usage_bytes",
        "write_seconds_total", "writes_merged_total", "writes_total",
    ];

    private static readonly string[] Machine =
    [
        "machine_cpu_books", "machine_cpu_cores", "machine_cpu_drawers", "machine_cpu_physical_cores", "machine_cpu_sockets",
        "machine_memory_bytes", "machine_nvm_avg_power_budget_watts", "machine_swap_bytes",
    ];

    private readonly SortedDictionary<string, List<Row>> _families = new(StringComparer.Ordinal);
    private readonly Random _random;
    private readonly Cgroup _root = new("/", "", "", "", "", "");
    private int _overlays;

    /// <param name="rows">Exactly as many rows: as many whole pods as fit, and more disks of the root.</param>
    /// <param name="seed">The same seed gives the same bytes.</param>
    internal KubeletPage(int rows, int seed)
    {
        _random = new Random(seed);
        AddMachine();
        AddCgroup(_root);
        foreach (string slice in (string[])["", "/burstable", "/besteffort"]) AddCgroup(new Cgroup($"/kubepods{slice}", "", "", "", "", ""));
        int count = CountRows();
        int perPod = 0;
        for (int pod = 0; count + perPod <= rows; pod++)
        {
            AddPod(pod);
            perPod = CountRows() - count;
            count += perPod;
        }
        for (; count < rows; count++) AddDisk(Disks[count % Disks.Length], $"overlay_0-{_overlays + (count / Disks.Length)}");
        foreach (List<Row> family in _families.Values) family.Sort((left, right) => string.CompareOrdinal(left.Labels, right.Labels));
    }

    /// <summary>Families of which a row is kept by a collector that serves CPU, memory, network and limits: about a third of the rows.</summary>
    internal static bool IsKept(ReadOnlySpan<byte> name) =>
        name.StartsWith("container_cpu_usage"u8) || name.StartsWith("container_memory_"u8) && !name.StartsWith("container_memory_fail"u8)
        || name.StartsWith("container_network_"u8) || name.StartsWith("container_start_time"u8) || name.StartsWith("container_cpu_cfs_"u8);

    /// <summary>The page as it would be scraped for the n-th time, 15 s apart.</summary>
    internal byte[] Render(int scrape)
    {
        var page = new StringBuilder();
        foreach ((string name, List<Row> rows) in _families)
        {
            string type = name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("failcnt", StringComparison.Ordinal) ? "counter" : "gauge";
            page.Append(CultureInfo.InvariantCulture, $"# HELP {name} What this family says about each cgroup of the node.\n# TYPE {name} {type}\n");
            foreach (Row row in rows)
            {
                page.Append(name).Append('{').Append(row.Labels).Append("} ").Append(GoFloat(row.Start + (row.Step * scrape)));
                if (row.Timed) page.Append(' ').Append(row.TimestampMs + (15_000L * scrape));
                page.Append('\n');
            }
        }
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private int CountRows() => _families.Values.Sum(family => family.Count);

    private void AddMachine()
    {
        Add("cadvisor_version_info", "cadvisorRevision=\"\",cadvisorVersion=\"\",dockerVersion=\"\",kernelVersion=\"6.18.0\",osVersion=\"Linux\"");
        Add("container_scrape_error", "");
        Add("machine_scrape_error", "");
        foreach (string family in Machine) Add(family, $"boot_id=\"{Hex(32)}\",machine_id=\"{Hex(32)}\",system_uuid=\"{Hex(32)}\"");
    }

    private void AddPod(int number)
    {
        string tenantNamespace = $"{(number % 3 == 0 ? "acme-web" : number % 3 == 1 ? "globex-prod" : "initech-dev")}";
        string pod = $"web-{number}-{Hex(5)}";
        string uid = $"{Hex(8)}-{Hex(4)}-{Hex(4)}-{Hex(4)}-{Hex(12)}";
        string id = $"/kubepods/burstable/pod{uid}";
        AddCgroup(new Cgroup(id, "", "", "", tenantNamespace, pod), limited: true);

        string pause = Hex(64);
        var sandbox = new Cgroup($"{id}/{pause}", "", "reg.example/pause:3", pause, tenantNamespace, pod);
        AddCgroup(sandbox);
        foreach (string direction in (string[])["receive", "transmit"])
            foreach (string what in (string[])["bytes", "errors", "packets", "packets_dropped"])
                Add($"container_network_{direction}_{what}_total", sandbox.Labels(interfaceName: "eth0"), sandbox);
        Add("container_ulimits_soft", sandbox.Labels(ulimit: "max_open_files"), sandbox);

        foreach (string container in (string[])["app", "proxy"])
        {
            string name = Hex(64);
            var cgroup = new Cgroup($"{id}/{name}", container, $"reg.example/{container}:1", name, tenantNamespace, pod);
            AddCgroup(cgroup, limited: true);
            Add("container_ulimits_soft", cgroup.Labels(ulimit: "max_open_files"), cgroup);
        }

        AddDisks($"/run/containerd/io.containerd.grpc.v1.cri/sandboxes/{pause}/shm");
        AddDisks($"/var/lib/kubelet/pods/{uid}/volumes/kubernetes.io~projected/kube-api-access-{Hex(5)}");
        for (int overlay = 0; overlay < 3; overlay++) AddDisks($"overlay_0-{_overlays++}");
    }

    private void AddDisks(string device)
    {
        foreach (string disk in Disks) AddDisk(disk, device);
    }

    private void AddDisk(string disk, string device) => Add($"container_fs_{disk}", _root.Labels(device: device), _root);

    private void AddCgroup(Cgroup cgroup, bool limited = false)
    {
        cgroup.TimestampMs = 1_795_492_380_000 + _random.Next(15_000);
        foreach (string family in Gauges) Add(family, cgroup.Labels(), cgroup);
        foreach (string family in Counters) Add(family, cgroup.Labels(), cgroup);
        foreach (string family in Specs) Add(family, cgroup.Labels());
        if (limited)
            foreach (string family in Throttling) Add(family, cgroup.Labels(), cgroup);
        Add("container_cpu_usage_seconds_total", cgroup.Labels(cpu: "total"), cgroup);
        foreach (string scope in (string[])["container", "hierarchy"])
            foreach (string failure in (string[])["pgfault", "pgmajfault"])
                Add("container_memory_failures_total", cgroup.Labels(failureType: failure, scope: scope), cgroup);
        foreach (string state in (string[])["iowaiting", "running", "sleeping", "stopped", "uninterruptible"])
            Add("container_tasks_state", cgroup.Labels(state: state), cgroup);
    }

    private void Add(string family, string labels, Cgroup? cgroup = null)
    {
        if (!_families.TryGetValue(family, out List<Row>? rows)) _families[family] = rows = [];
        bool seconds = family.Contains("seconds_total", StringComparison.Ordinal);
        bool constant = family.Contains("spec", StringComparison.Ordinal) || family.Contains("tasks_state", StringComparison.Ordinal) || _random.Next(4) == 0;
        double start = constant ? _random.Next(3) * 1024.0 : seconds ? _random.Next(1_000_000_000) / 1e6 : _random.Next(100_000_000);
        rows.Add(new Row(labels, start, constant ? 0 : seconds ? 1.234567 : 4096, cgroup is not null, cgroup?.TimestampMs ?? 0));
    }

    private string Hex(int digits) => Convert.ToHexStringLower(Bytes((digits + 1) / 2))[..digits];

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    // As strconv.FormatFloat(value, 'g', -1, 64): scientific from a million on.
    private static string GoFloat(double value)
    {
        string digits = Math.Round(value, 9).ToString("0.#########", CultureInfo.InvariantCulture);
        if (value < 1e6) return digits;
        int exponent = digits.IndexOf('.', StringComparison.Ordinal) is >= 0 and int point ? point - 1 : digits.Length - 1;
        string mantissa = digits.Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa[..1]}{(mantissa.Length > 1 ? "." : "")}{mantissa[1..]}e+{exponent:00}");
    }

    private sealed record Row(string Labels, double Start, double Step, bool Timed, long TimestampMs);

    private sealed record Cgroup(string Id, string Container, string Image, string Name, string Namespace, string Pod)
    {
        internal long TimestampMs { get; set; }

        internal string Labels(
            string? cpu = null, string? device = null, string? failureType = null, string? scope = null, string? state = null, string? interfaceName = null, string? ulimit = null)
        {
            var text = new StringBuilder($"container=\"{Container}\"");
            Append(text, "cpu", cpu);
            Append(text, "device", device);
            Append(text, "failure_type", failureType);
            text.Append(CultureInfo.InvariantCulture, $",id=\"{Id}\",image=\"{Image}\"");
            Append(text, "interface", interfaceName);
            text.Append(CultureInfo.InvariantCulture, $",name=\"{Name}\",namespace=\"{Namespace}\",pod=\"{Pod}\"");
            Append(text, "scope", scope);
            Append(text, "state", state);
            Append(text, "ulimit", ulimit);
            return text.ToString();
        }

        private static void Append(StringBuilder text, string name, string? value)
        {
            if (value is not null) text.Append(CultureInfo.InvariantCulture, $",{name}=\"{value}\"");
        }
    }
}
