using System.Text.Json;
using Observability.Simulator.Api;

namespace Observability.Simulator.Cluster;

/// <summary>Writes a pod's status: phase, conditions, and each container's state now and last.</summary>
internal static class PodStatusManifest
{
    public static void Write(Utf8JsonWriter json, Pod pod)
    {
        json.WriteStartObject("status");
        json.WriteString("phase", pod.Phase);
        if (pod.Scheduled)
            WriteConditions(json, pod);

        if (pod.SandboxStarted is { } started)
        {
            json.WriteString("hostIP", pod.Node.Address);
            WriteAddresses(json, "hostIPs", pod.Node.Address);
            json.WriteString("podIP", pod.Ip);
            WriteAddresses(json, "podIPs", pod.Ip);
            json.WriteTime("startTime", started);
            if (pod.Slots.Any(slot => slot.Kind != SlotKind.Main))
                WriteStatuses(json, "initContainerStatuses", pod, slot => slot.Kind != SlotKind.Main);
            WriteStatuses(json, "containerStatuses", pod, slot => slot.Kind == SlotKind.Main);
        }

        json.WriteString("qosClass", pod.Resources.QosClass);
        json.WriteEndObject();
    }

    private static void WriteAddresses(Utf8JsonWriter json, string property, string address)
    {
        json.WriteStartArray(property);
        json.WriteStartObject();
        json.WriteString("ip", address);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteConditions(Utf8JsonWriter json, Pod pod)
    {
        bool ready = pod.Phase == "Running" && pod.Slots.All(slot => slot.Kind == SlotKind.Init || slot.IsRunning);
        bool initialized = pod.Slots.All(slot => slot.Kind != SlotKind.Init || slot.Current is { Ended: not null });
        json.WriteStartArray("conditions");
        WriteCondition(json, pod, "PodReadyToStartContainers", pod is { SandboxStarted: not null, Ended: null });
        WriteCondition(json, pod, "Initialized", initialized);
        WriteCondition(json, pod, "Ready", ready);
        WriteCondition(json, pod, "ContainersReady", ready);
        WriteCondition(json, pod, "PodScheduled", true);
        json.WriteEndArray();
    }

    private static void WriteCondition(Utf8JsonWriter json, Pod pod, string type, bool holds)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("status", holds ? "True" : "False");
        json.WriteNull("lastProbeTime");
        json.WriteTime("lastTransitionTime", pod.SandboxStarted ?? pod.Created);
        json.WriteEndObject();
    }

    private static void WriteStatuses(Utf8JsonWriter json, string property, Pod pod, Func<ContainerSlot, bool> which)
    {
        json.WriteStartArray(property);
        foreach (ContainerSlot slot in pod.Slots.Where(which))
            WriteStatus(json, pod, slot);
        json.WriteEndArray();
    }

    private static void WriteStatus(Utf8JsonWriter json, Pod pod, ContainerSlot slot)
    {
        ContainerRun? current = slot.Current;

        // Between two runs the state is "waiting" and what ended is the last state; a run that ends for good stays the state.
        bool waits = current is null || (current.Ended is not null && pod.Ended is null && slot.Kind != SlotKind.Init
            && pod.Spec.RestartPolicy != Workloads.RestartPolicy.Never);
        json.WriteStartObject();
        json.WriteString("name", slot.Spec.Name);
        json.WriteStartObject("state");
        if (waits)
            WriteWaiting(json, slot);
        else if (current!.Ended is null)
            WriteRunning(json, current);
        else
            WriteTerminated(json, current);
        json.WriteEndObject();

        json.WriteStartObject("lastState");
        if ((waits && current is not null ? current : slot.Previous) is { Ended: not null } last)
            WriteTerminated(json, last);
        json.WriteEndObject();

        json.WriteBoolean("ready", slot.Kind == SlotKind.Init ? current is { Ended: not null, ExitCode: 0 } : slot.IsRunning);
        json.WriteNumber("restartCount", slot.RestartCount);
        json.WriteString("image", slot.Spec.Image);
        json.WriteString("imageID", $"sha256:{Derivation.Hex(0, "image", slot.Spec.Image, 64)}");
        if (current is not null)
            json.WriteString("containerID", $"containerd://{current.Id}");
        json.WriteBoolean("started", slot.IsRunning);
        json.WriteEndObject();
    }

    private static void WriteWaiting(Utf8JsonWriter json, ContainerSlot slot)
    {
        json.WriteStartObject("waiting");
        json.WriteString("reason", slot.WaitingReason);
        json.WriteEndObject();
    }

    private static void WriteRunning(Utf8JsonWriter json, ContainerRun run)
    {
        json.WriteStartObject("running");
        json.WriteTime("startedAt", run.Started);
        json.WriteEndObject();
    }

    private static void WriteTerminated(Utf8JsonWriter json, ContainerRun run)
    {
        json.WriteStartObject("terminated");
        json.WriteNumber("exitCode", run.ExitCode);
        json.WriteString("reason", run.Reason);
        json.WriteTime("startedAt", run.Started);
        json.WriteTime("finishedAt", run.Ended ?? run.Started);
        json.WriteString("containerID", $"containerd://{run.Id}");
        json.WriteEndObject();
    }
}
