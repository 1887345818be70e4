using System.Text.Json;
using Observability.Simulator.Api;
using Observability.Simulator.Cluster;

namespace Observability.Simulator.Kubelets;

/// <summary>The disk parts of the summary: root file systems, logs, volumes and their sum. All on one disk.</summary>
internal static class SummaryFileSystems
{
    public const long DiskUsedBytes = 27_127_910_400;
    public const long DiskInodesUsed = 498_034;

    private const long CapacityBytes = 270_553_174_016;
    private const long AvailableBytes = 71_972_732_928;
    private const long Inodes = 16_777_216;

    /// <summary>Volumes are measured about once a minute.</summary>
    private static readonly TimeSpan VolumeAge = TimeSpan.FromSeconds(40);

    public static long RootfsBytes(ContainerRun run) => 20_480 + (4096 * (long)(Derivation.Number(0, "rootfs", run.Id) % 64));

    /// <summary>A page of log for every minute that it runs.</summary>
    public static long LogBytes(ContainerRun run, DateTimeOffset at) => 4096 * (long)Math.Max(0, ((run.Ended ?? at) - run.Started).TotalMinutes);

    public static long EmptyDirBytes(Pod pod, string volume) => 8192 + (4096 * (long)(Derivation.Number(0, "volume", $"{pod.Key}/{volume}") % 4096));

    public static long EphemeralBytes(Pod pod, DateTimeOffset at)
    {
        long total = 4096;
        foreach (ContainerRun run in pod.Runs.Where(run => run.Ended is null))
            total += RootfsBytes(run) + LogBytes(run, at);
        foreach (string volume in pod.Spec.EmptyDirs)
            total += EmptyDirBytes(pod, volume);
        return total;
    }

    public static void Write(Utf8JsonWriter json, string property, DateTimeOffset time, long usedBytes, long inodesUsed)
    {
        json.WriteStartObject(property);
        WriteUse(json, time, usedBytes, inodesUsed);
        json.WriteEndObject();
    }

    public static void WriteVolumes(Utf8JsonWriter json, Pod pod, DateTimeOffset now)
    {
        if (pod.Spec.IsStatic && pod.Spec.EmptyDirs.Count == 0)
            return;

        json.WriteStartArray("volume");
        foreach (string volume in pod.Spec.EmptyDirs)
            WriteVolume(json, volume, now, EmptyDirBytes(pod, volume), 2);
        foreach (string claim in pod.Spec.PersistentVolumeClaims)
            WriteVolume(json, claim, now, DiskUsedBytes, DiskInodesUsed, claimNamespace: pod.Spec.Namespace);
        if (!pod.Spec.IsStatic)
            WriteVolume(json, pod.TokenVolume, now, 12_288, 11);
        json.WriteEndArray();
    }

    private static void WriteVolume(Utf8JsonWriter json, string name, DateTimeOffset now, long usedBytes, long inodesUsed, string? claimNamespace = null)
    {
        json.WriteStartObject();
        WriteUse(json, now - VolumeAge, usedBytes, inodesUsed);
        json.WriteString("name", name);
        if (claimNamespace is not null)
        {
            json.WriteStartObject("pvcRef");
            json.WriteString("name", name);
            json.WriteString("namespace", claimNamespace);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteUse(Utf8JsonWriter json, DateTimeOffset time, long usedBytes, long inodesUsed)
    {
        json.WriteTime("time", time);
        json.WriteNumber("availableBytes", AvailableBytes);
        json.WriteNumber("capacityBytes", CapacityBytes);
        json.WriteNumber("usedBytes", usedBytes);
        json.WriteNumber("inodesFree", Inodes - DiskInodesUsed);
        json.WriteNumber("inodes", Inodes);
        json.WriteNumber("inodesUsed", inodesUsed);
    }
}
