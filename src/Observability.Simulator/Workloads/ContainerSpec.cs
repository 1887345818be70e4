namespace Observability.Simulator.Workloads;

/// <summary>One container of a <see cref="PodSpec"/>: what it asks for, and how it behaves.</summary>
public sealed record ContainerSpec
{
    public required string Name { get; init; }

    public string Image { get; init; } = "registry.example/app:1";

    /// <summary>0 means that nothing is requested.</summary>
    public int CpuRequestMillicores { get; init; }

    /// <summary>0 means no limit: then the container has no <c>cfs</c> rows and no quota.</summary>
    public int CpuLimitMillicores { get; init; }

    public long MemoryRequestBytes { get; init; }

    /// <summary>0 means no limit.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>Average demand in cores, before the limit throttles it. Null: derived from the seed and the pod's name, 5 to 60 % of the limit or 2 to 120 millicores.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Average working set. Null: derived from the seed and the pod's name, 20 to 70 % of the limit or 4 to 96 MiB.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Growth of the working set. With a limit, the container is OOM-killed when it arrives there.</summary>
    public long LeakBytesPerSecond { get; init; }

    /// <summary>How long each run takes before it ends with <see cref="ExitCode"/>. Null: for ever.</summary>
    public TimeSpan? RunsFor { get; init; }

    public int ExitCode { get; init; }
}
