using Observability.Simulator.Workloads;

namespace Observability.Simulator.Cluster;

/// <summary>A container's place in a pod, through all its runs.</summary>
internal sealed class ContainerSlot(ContainerSpec spec, SlotKind kind)
{
    public ContainerSpec Spec { get; } = spec;

    public SlotKind Kind { get; } = kind;

    /// <summary>The run that goes on, or the last one when <see cref="ContainerRun.Ended"/> is set; null before the first.</summary>
    public ContainerRun? Current { get; set; }

    public ContainerRun? Previous { get; set; }

    public int RestartCount { get; set; }

    /// <summary>Why it waits: <c>ContainerCreating</c>, <c>PodInitializing</c>, <c>CrashLoopBackOff</c>.</summary>
    public string WaitingReason { get; set; } = "ContainerCreating";

    public bool IsRunning => Current is { Ended: null };
}

/// <summary>The three kinds of container in a pod.</summary>
internal enum SlotKind
{
    Init,
    Sidecar,
    Main,
}
