using System.Buffers;
using System.Text.Json;
using Observability.Simulator.Api;
using Observability.Simulator.Cluster;

namespace Observability.Simulator.Kubelets;

/// <summary>
/// /stats/summary, indented by one space. Running pods only; the short form has CPU, memory and swap alone.
/// Pressure is all zeros, as where the kernel does not measure it.
/// </summary>
internal sealed class SummaryPage(Node node, DateTimeOffset now, bool onlyCpuAndMemory)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, IndentSize = 1, Encoder = JsonWriting.Options.Encoder };

    public ReadOnlyMemory<byte> Render()
    {
        ArrayBufferWriter<byte> buffer = new(128 << 10);
        using (Utf8JsonWriter json = new(buffer, Indented))
        {
            json.WriteStartObject();
            WriteNode(json);
            json.WriteStartArray("pods");
            foreach (Pod pod in node.Pods)
                WritePod(json, pod);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private void WriteNode(Utf8JsonWriter json)
    {
        json.WriteStartObject("node");
        json.WriteString("nodeName", node.Name);
        json.WriteStartArray("systemContainers");
        foreach ((string name, string slice) in
            new[] { ("pods", "/kubepods"), ("kubelet", "/system.slice/kubelet.service"), ("runtime", "/system.slice/containerd.service") })
        {
            (CgroupRow row, Func<DateTimeOffset, ResourceUse> use) = node.Sampler.Slices.First(entry => entry.Row.Id == slice);
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteTime("startTime", node.Booted);
            WriteUse(json, row, use, null, name == "pods" ? row.MemoryLimitBytes : 0, withFaults: name != "pods");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteTime("startTime", node.Booted);
        WriteUse(json, node.Sampler.Root, node.RootAt, null, Node.MemoryBytes, withFaults: true, withSwap: false);
        if (!onlyCpuAndMemory)
        {
            WriteNetwork(json, node.Sampler.Root, node.NetworkAt);
            SummaryFileSystems.Write(json, "fs", now, SummaryFileSystems.DiskUsedBytes, SummaryFileSystems.DiskInodesUsed);
            json.WriteStartObject("runtime");
            SummaryFileSystems.Write(json, "imageFs", now, 5_394_432, 520);
            SummaryFileSystems.Write(json, "containerFs", now, 5_394_432, 520);
            json.WriteEndObject();
            json.WriteStartObject("rlimit");
            json.WriteTime("time", now);
            json.WriteNumber("maxpid", 32_768);
            json.WriteNumber("curproc", 200 + (node.Pods.Count * 3));
            json.WriteEndObject();
        }

        WriteSwap(json, now, 0);
        json.WriteEndObject();
    }

    private void WritePod(Utf8JsonWriter json, Pod pod)
    {
        if (pod.SandboxStarted is not { } started || !pod.Runs.Any(run => run.Ended is null))
            return;

        json.WriteStartObject();
        json.WriteStartObject("podRef");
        json.WriteString("name", pod.Spec.Name);
        json.WriteString("namespace", pod.Spec.Namespace);
        json.WriteString("uid", pod.CgroupUid);
        json.WriteEndObject();
        json.WriteTime("startTime", started);
        json.WriteStartArray("containers");
        foreach (ContainerRun run in pod.Runs.Where(run => run.Ended is null))
            WriteContainer(json, pod, run);
        json.WriteEndArray();
        WriteUse(json, node.Sampler.PodRow(pod), pod.UseAt, null, pod.Resources.MemoryLimit, withFaults: false, withSwap: false);
        if (!onlyCpuAndMemory)
        {
            WriteNetwork(json, node.Sampler.RunRow(pod, pod.Pause!), at => pod.Spec.HostNetwork ? node.NetworkAt(at) : [("eth0", pod.NetworkAt(at))]);
            SummaryFileSystems.WriteVolumes(json, pod, now);
            SummaryFileSystems.Write(json, "ephemeral-storage", now, SummaryFileSystems.EphemeralBytes(pod, now), 33);
            json.WriteStartObject("process_stats");
            json.WriteNumber("process_count", pod.Runs.Count(run => run.Ended is null));
            json.WriteEndObject();
        }

        WriteSwap(json, now, null);
        json.WriteEndObject();
    }

    private void WriteContainer(Utf8JsonWriter json, Pod pod, ContainerRun run)
    {
        CgroupRow row = node.Sampler.RunRow(pod, run);
        json.WriteStartObject();
        json.WriteString("name", run.Spec.Name);
        json.WriteTime("startTime", run.Started);
        WriteUse(json, row, run.UseAt, run.Ended, run.Spec.MemoryLimitBytes, withFaults: true, withSwap: false);
        if (!onlyCpuAndMemory)
        {
            SummaryFileSystems.Write(json, "rootfs", now, SummaryFileSystems.RootfsBytes(run), 14);
            SummaryFileSystems.Write(json, "logs", now, SummaryFileSystems.LogBytes(run, now), 1);
        }

        WriteSwap(json, now, run.Spec.MemoryLimitBytes > 0 ? run.Spec.MemoryLimitBytes : null);
        json.WriteEndObject();
    }

    private void WriteUse(
        Utf8JsonWriter json, CgroupRow row, Func<DateTimeOffset, ResourceUse> use, DateTimeOffset? ended, long limitBytes, bool withFaults, bool withSwap = true)
    {
        if (NodeSampler.LatestSample(row, now, ended) is not { } sample)
            return;

        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(sample.TimeMs);
        ResourceUse used = use(at);
        json.WriteStartObject("cpu");
        json.WriteTime("time", at);

        // Between the last two samples, whatever lies between them; a first sample has no rate.
        if (sample.Number > 0)
        {
            long previousMs = row.Clock.TimeOf(sample.Number - 1);
            long before = use(DateTimeOffset.FromUnixTimeMilliseconds(previousMs)).CpuNanoseconds;
            json.WriteNumber("usageNanoCores", (used.CpuNanoseconds - before) * 1000 / (sample.TimeMs - previousMs));
        }

        json.WriteNumber("usageCoreNanoSeconds", used.CpuNanoseconds);
        WritePressure(json);
        json.WriteEndObject();

        json.WriteStartObject("memory");
        json.WriteTime("time", at);
        if (limitBytes > 0)
            json.WriteNumber("availableBytes", limitBytes - used.WorkingSetBytes);
        json.WriteNumber("usageBytes", used.MemoryUsageBytes);
        json.WriteNumber("workingSetBytes", used.WorkingSetBytes);
        json.WriteNumber("rssBytes", used.RssBytes);
        json.WriteNumber("pageFaults", withFaults ? used.PageFaults : 0);
        json.WriteNumber("majorPageFaults", withFaults ? used.MajorPageFaults : 0);
        WritePressure(json);
        json.WriteEndObject();
        if (!onlyCpuAndMemory)
        {
            json.WriteStartObject("io");
            json.WriteTime("time", at);
            WritePressure(json);
            json.WriteEndObject();
        }

        if (withSwap)
            WriteSwap(json, at, null);
    }

    private static void WriteSwap(Utf8JsonWriter json, DateTimeOffset at, long? availableBytes)
    {
        json.WriteStartObject("swap");
        json.WriteTime("time", at);
        if (availableBytes is { } available)
            json.WriteNumber("swapAvailableBytes", available);
        json.WriteNumber("swapUsageBytes", 0);
        json.WriteEndObject();
    }

    private void WriteNetwork(
        Utf8JsonWriter json, CgroupRow row, Func<DateTimeOffset, (string Interface, NetworkUse Use)[]> network)
    {
        if (NodeSampler.LatestSample(row, now, null) is not { } sample)
            return;

        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(sample.TimeMs);
        (string Interface, NetworkUse Use)[] interfaces = network(at);
        json.WriteStartObject("network");
        json.WriteTime("time", at);
        WriteInterface(json, interfaces.First(candidate => candidate.Interface == "eth0"));
        json.WriteStartArray("interfaces");
        foreach ((string, NetworkUse) one in interfaces)
        {
            json.WriteStartObject();
            WriteInterface(json, one);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteInterface(Utf8JsonWriter json, (string Interface, NetworkUse Use) one)
    {
        json.WriteString("name", one.Interface);
        json.WriteNumber("rxBytes", one.Use.ReceiveBytes);
        json.WriteNumber("rxErrors", 0);
        json.WriteNumber("txBytes", one.Use.TransmitBytes);
        json.WriteNumber("txErrors", 0);
    }

    private static void WritePressure(Utf8JsonWriter json)
    {
        json.WriteStartObject("psi");
        WriteStall(json, "full");
        WriteStall(json, "some");
        json.WriteEndObject();
    }

    private static void WriteStall(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject(kind);
        json.WriteNumber("total", 0);
        json.WriteNumber("avg10", 0);
        json.WriteNumber("avg60", 0);
        json.WriteNumber("avg300", 0);
        json.WriteEndObject();
    }
}
