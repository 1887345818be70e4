using Observability.Simulator.Workloads;

namespace Observability.Simulator.Cluster;

/// <summary>What one run of a container uses: a pure function of the seconds since it started.</summary>
internal sealed class UsageModel
{
    private const long PageSize = 4096;

    private readonly Wave cpu;
    private readonly Wave memory;
    private readonly double userShare;
    private readonly long leakBytesPerSecond;
    private readonly long memoryLimitBytes;
    private readonly double periodsPerSecond;
    private readonly double throttledShare;
    private readonly double faultsPerSecond;
    private readonly int processes;

    /// <summary>The key is the container's, not the run's: a restarted container behaves as before.</summary>
    public UsageModel(ulong seed, string key, ContainerSpec spec)
    {
        double limit = spec.CpuLimitMillicores / 1000.0;
        double demand = spec.CpuCores ?? (limit > 0
            ? Derivation.Between(seed, "cpu", key, 0.05 * limit, 0.6 * limit)
            : Derivation.Between(seed, "cpu", key, 0.002, 0.12));
        cpu = Wave.Derive(seed, "cpu", key, demand);
        if (limit > 0)
        {
            periodsPerSecond = 10 * Math.Min(1, demand / limit);
            throttledShare = demand >= limit ? 0.98 : 0.01;

            // Held at the limit all the time, or never touching it: both have a closed form.
            cpu = demand >= limit
                ? cpu with { Rate = limit * 0.998, Amplitude = 0 }
                : cpu with { Amplitude = Math.Min(cpu.Amplitude, (limit / demand) - 1) };
        }

        memory = Wave.Derive(seed, "memory", key, spec.MemoryBytes ?? (spec.MemoryLimitBytes > 0
            ? Derivation.Between(seed, "memory", key, 0.2 * spec.MemoryLimitBytes, 0.7 * spec.MemoryLimitBytes)
            : Derivation.Between(seed, "memory", key, 4 << 20, 96 << 20)));
        memory = memory with { Amplitude = memory.Amplitude / 4 };
        userShare = Derivation.Between(seed, "user share", key, 0.6, 0.95);
        leakBytesPerSecond = spec.LeakBytesPerSecond;
        memoryLimitBytes = spec.MemoryLimitBytes;
        faultsPerSecond = Derivation.Between(seed, "faults", key, 1, 40);
        processes = 1 + (int)(Derivation.Number(seed, "processes", key) % 4);
    }

    /// <summary>When the leak arrives at the limit, or null where it does not.</summary>
    public TimeSpan? OutOfMemoryAfter =>
        leakBytesPerSecond > 0 && memoryLimitBytes > 0
            ? TimeSpan.FromSeconds(Math.Max(1, Math.Round((memoryLimitBytes - memory.Rate) / leakBytesPerSecond)))
            : null;

    /// <summary>The sandbox's process: next to nothing, once and for all.</summary>
    public static UsageModel Pause(ulong seed, string key) => new(seed, key, new ContainerSpec
    {
        Name = "",
        CpuCores = 0.00005,
        MemoryBytes = 256 << 10,
    });

    public double CpuCores(double seconds) => cpu.At(seconds);

    public ResourceUse At(double seconds)
    {
        long cpuNanoseconds = (long)(cpu.Integral(seconds) * 1e9);
        long periods = (long)(periodsPerSecond * seconds);
        long workingSet = WorkingSetBytes(seconds);
        long inactive = Pages(workingSet * 0.08);
        long rss = Pages(workingSet * 0.7);
        long usage = workingSet + inactive;
        return new ResourceUse
        {
            CpuNanoseconds = cpuNanoseconds,
            UserNanoseconds = (long)(cpuNanoseconds * userShare),
            CfsPeriods = periods,
            ThrottledPeriods = (long)(periods * throttledShare),
            ThrottledNanoseconds = (long)(periods * throttledShare) * 62_500_000,
            PageFaults = 900 + (long)(faultsPerSecond * seconds),
            MajorPageFaults = (long)(faultsPerSecond * seconds / 5000),
            MemoryUsageBytes = usage,
            WorkingSetBytes = workingSet,
            RssBytes = rss,
            CacheBytes = usage - rss,
            MappedFileBytes = Pages((usage - rss) * 0.3),
            KernelBytes = Pages(workingSet * 0.04),
            MaxUsageBytes = leakBytesPerSecond > 0 ? usage : Pages(memory.Rate * (1 + memory.Amplitude) * 1.1),
            ActiveFileBytes = usage - rss - inactive,
            InactiveFileBytes = inactive,
            Processes = processes,
            Threads = processes * 3,
            FileDescriptors = 8 + (processes * 4),
            Sockets = processes,
        };
    }

    private static long Pages(double bytes) => Math.Max(0, (long)(bytes / PageSize)) * PageSize;

    private long WorkingSetBytes(double seconds)
    {
        double bytes = memory.At(seconds) + (leakBytesPerSecond * seconds);
        return Pages(memoryLimitBytes > 0 ? Math.Min(bytes, memoryLimitBytes * 0.92) : bytes);
    }
}
