namespace Observability.Simulator.Cluster;

/// <summary>What a cgroup used up to a moment (counters) and uses at it (gauges). Integers, so that sums do not depend on their order.</summary>
internal struct ResourceUse
{
    public long CpuNanoseconds;
    public long UserNanoseconds;
    public long CfsPeriods;
    public long ThrottledPeriods;
    public long ThrottledNanoseconds;
    public long PageFaults;
    public long MajorPageFaults;

    public long MemoryUsageBytes;
    public long WorkingSetBytes;
    public long RssBytes;
    public long CacheBytes;
    public long MappedFileBytes;
    public long KernelBytes;
    public long MaxUsageBytes;
    public long ActiveFileBytes;
    public long InactiveFileBytes;
    public long Processes;
    public long Threads;
    public long FileDescriptors;
    public long Sockets;

    /// <summary>What remains of something that ended: its counters.</summary>
    public readonly ResourceUse Counters => new()
    {
        CpuNanoseconds = CpuNanoseconds,
        UserNanoseconds = UserNanoseconds,
        CfsPeriods = CfsPeriods,
        ThrottledPeriods = ThrottledPeriods,
        ThrottledNanoseconds = ThrottledNanoseconds,
        PageFaults = PageFaults,
        MajorPageFaults = MajorPageFaults,
    };

    public void Add(in ResourceUse other)
    {
        CpuNanoseconds += other.CpuNanoseconds;
        UserNanoseconds += other.UserNanoseconds;
        CfsPeriods += other.CfsPeriods;
        ThrottledPeriods += other.ThrottledPeriods;
        ThrottledNanoseconds += other.ThrottledNanoseconds;
        PageFaults += other.PageFaults;
        MajorPageFaults += other.MajorPageFaults;
        MemoryUsageBytes += other.MemoryUsageBytes;
        WorkingSetBytes += other.WorkingSetBytes;
        RssBytes += other.RssBytes;
        CacheBytes += other.CacheBytes;
        MappedFileBytes += other.MappedFileBytes;
        KernelBytes += other.KernelBytes;
        MaxUsageBytes += other.MaxUsageBytes;
        ActiveFileBytes += other.ActiveFileBytes;
        InactiveFileBytes += other.InactiveFileBytes;
        Processes += other.Processes;
        Threads += other.Threads;
        FileDescriptors += other.FileDescriptors;
        Sockets += other.Sockets;
    }
}
