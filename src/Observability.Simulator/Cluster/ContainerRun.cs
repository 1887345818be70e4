using Observability.Simulator.Workloads;

namespace Observability.Simulator.Cluster;

/// <summary>One run of a container, from start to end: a cgroup of its own with a 64-digit id. The pause container is one too.</summary>
internal sealed class ContainerRun(string id, ContainerSpec spec, UsageModel model, DateTimeOffset started)
{
    public string Id { get; } = id;

    public ContainerSpec Spec { get; } = spec;

    public UsageModel Model { get; } = model;

    public DateTimeOffset Started { get; } = started;

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? Ended { get; private set; }

    /// <summary>Made when it is first sampled.</summary>
    public CgroupRow? Row { get; set; }

    public int ExitCode { get; private set; }

    /// <summary><c>Completed</c>, <c>Error</c> or <c>OOMKilled</c>.</summary>
    public string Reason { get; private set; } = "";

    public void End(DateTimeOffset at, int exitCode, string reason)
    {
        Ended = at;
        ExitCode = exitCode;
        Reason = reason;
    }

    /// <summary>Nothing before the start; counters that stand still, and no memory, after the end.</summary>
    public ResourceUse UseAt(DateTimeOffset at)
    {
        if (at < Started)
            return default;
        if (Ended is { } ended && at > ended)
            return Model.At((ended - Started).TotalSeconds).Counters;
        return Model.At((at - Started).TotalSeconds);
    }
}
