using Observability.Simulator.Workloads;

namespace Observability.Simulator.Cluster;

/// <summary>
/// What the kubelet does with a pod: sandbox, init containers one by one, sidecars, containers, restarts with back-off, the end.
/// Every delay is derived from the pod, so that a pod lives the same life whatever else the cluster runs.
/// </summary>
internal sealed class PodLifecycle(ulong seed, EventQueue events, Action<Pod> changed, Action<Pod> gone)
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);

    public void Begin(Pod pod) => events.After(pod.Spec.StartDelay ?? pod.Derive("start delay", 0.3, 1.3), () => StartSandbox(pod));

    /// <summary>Tells the pod to end: its containers stop a little later, and it leaves the API then.</summary>
    public void Terminate(Pod pod, TimeSpan? grace)
    {
        if (pod.Gone || pod.DeletionRequested is not null)
            return;

        TimeSpan stops = pod.Ended is not null || pod.SandboxStarted is null
            ? TimeSpan.Zero
            : pod.Spec.TerminatesIn ?? pod.Derive("termination", 1, 3);
        if (grace is { } limit && stops > limit)
            stops = limit;

        pod.DeletionRequested = events.Now;
        pod.DeletionGraceSeconds = (int)(grace ?? TimeSpan.FromSeconds(30)).TotalSeconds;
        changed(pod);
        events.After(stops, () => Finish(pod));
    }

    /// <summary>Kills a running container; the restart policy decides what follows.</summary>
    public void Kill(Pod pod, ContainerSlot slot, bool outOfMemory)
    {
        if (slot.Current is { Ended: null } run)
            Exit(pod, slot, run, 137, outOfMemory ? "OOMKilled" : "Error");
    }

    private void StartSandbox(Pod pod)
    {
        if (pod.Gone || pod.DeletionRequested is not null)
            return;

        pod.SandboxStarted = events.Now;
        string id = pod.ContainerId("pause", 0);
        pod.Pause = new ContainerRun(id, PauseSpec, UsageModel.Pause(seed, id), events.Now);
        foreach (ContainerSlot slot in pod.Slots)
            slot.WaitingReason = pod.Slots[0].Kind == SlotKind.Main ? "ContainerCreating" : "PodInitializing";
        events.After(pod.Derive("first container", 0.1, 0.4), () => Continue(pod));
        changed(pod);
    }

    /// <summary>Starts what can start now: the next init container, or the sidecars and then the containers.</summary>
    private void Continue(Pod pod)
    {
        if (Stopped(pod))
            return;

        ContainerSlot? init = pod.Slots.FirstOrDefault(slot => slot.Kind == SlotKind.Init && slot.Current is not { Ended: not null, ExitCode: 0 });
        if (init is not null)
        {
            if (init.Current is null)
                Start(pod, init);
            changed(pod);
            return;
        }

        foreach (ContainerSlot slot in pod.Slots.Where(slot => slot.Kind != SlotKind.Init && slot.Current is null))
            Start(pod, slot);

        pod.Phase = "Running";
        changed(pod);
    }

    private void Start(Pod pod, ContainerSlot slot)
    {
        ContainerSpec spec = slot.Spec;
        UsageModel model = new(seed, $"{pod.Key}/{spec.Name}", spec);
        ContainerRun run = new(pod.ContainerId(spec.Name, slot.RestartCount), spec, model, events.Now);
        slot.Previous = slot.Current;
        slot.Current = run;
        pod.AddRun(run);

        TimeSpan? ends = spec.RunsFor ?? (slot.Kind == SlotKind.Init ? TimeSpan.FromSeconds(2) : null);
        if (ends is { } runsFor)
            events.After(runsFor, () => Exit(pod, slot, run, spec.ExitCode, spec.ExitCode == 0 ? "Completed" : "Error"));
        if (model.OutOfMemoryAfter is { } full && (ends is null || full < ends))
            events.After(full, () => Exit(pod, slot, run, 137, "OOMKilled"));
    }

    private void Exit(Pod pod, ContainerSlot slot, ContainerRun run, int exitCode, string reason)
    {
        if (run.Ended is not null || Stopped(pod))
            return;

        run.End(events.Now, exitCode, reason);
        if (slot.Kind == SlotKind.Init && exitCode == 0)
        {
            events.After(pod.Derive($"after {slot.Spec.Name}", 0.1, 0.5), () => Continue(pod));
        }
        else if (Restarts(pod, slot, exitCode))
        {
            slot.WaitingReason = slot.RestartCount == 0 ? "ContainerCreating" : "CrashLoopBackOff";
            events.After(BackOff(pod, slot), () => Restart(pod, slot, run));
        }
        else if (pod.Slots.All(other => other.Kind == SlotKind.Sidecar || other.Current is { Ended: not null }))
        {
            Complete(pod);
            return;
        }

        changed(pod);
    }

    private void Restart(Pod pod, ContainerSlot slot, ContainerRun ended)
    {
        if (Stopped(pod) || slot.Current != ended)
            return;

        slot.RestartCount++;
        Start(pod, slot);
        changed(pod);
    }

    private static bool Restarts(Pod pod, ContainerSlot slot, int exitCode) => slot.Kind == SlotKind.Sidecar || pod.Spec.RestartPolicy switch
    {
        RestartPolicy.Always => true,
        RestartPolicy.OnFailure => exitCode != 0,
        _ => false,
    };

    /// <summary>At once the first time, then 10 s, doubled up to 5 min.</summary>
    private static TimeSpan BackOff(Pod pod, ContainerSlot slot)
    {
        if (slot.RestartCount == 0)
            return pod.Derive($"restart {slot.Spec.Name}", 0.6, 1.4);
        TimeSpan backOff = TimeSpan.FromSeconds(10 * Math.Pow(2, Math.Min(slot.RestartCount - 1, 10)));
        return backOff < LongestBackOff ? backOff : LongestBackOff;
    }

    private void Complete(Pod pod)
    {
        pod.Phase = pod.Slots.All(slot => slot.Kind == SlotKind.Sidecar || slot.Current is { ExitCode: 0 }) ? "Succeeded" : "Failed";
        StopAll(pod);
        changed(pod);
        if (pod.Spec.DeletedAfterFinished is { } delay)
            events.After(delay, () => Terminate(pod, null));
    }

    private void Finish(Pod pod)
    {
        StopAll(pod);
        pod.Gone = true;
        gone(pod);
    }

    private void StopAll(Pod pod)
    {
        foreach (ContainerSlot slot in pod.Slots)
        {
            if (slot.Current is { Ended: null } run)
                run.End(events.Now, slot.Kind == SlotKind.Sidecar ? 0 : 143, slot.Kind == SlotKind.Sidecar ? "Completed" : "Error");
        }

        if (pod.Pause is { Ended: null } pause)
            pause.End(events.Now, 0, "Completed");
        pod.Ended ??= events.Now;
        pod.Node.Retire(pod, events.Now);
    }

    private static bool Stopped(Pod pod) => pod.Gone || pod.Ended is not null;

    private static ContainerSpec PauseSpec { get; } = new() { Name = "", Image = "registry.example/pause:3.10" };
}
