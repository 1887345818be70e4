using System.Globalization;
using System.Text.Json;
using Observability.Simulator.Api;
using Observability.Simulator.Workloads;

namespace Observability.Simulator.Cluster;

/// <summary>Who looks at a pod: they differ in a static pod's UID, and in what the API server alone adds.</summary>
internal enum PodView
{
    ApiServer,
    Kubelet,
}

/// <summary>Writes a pod as core/v1 JSON.</summary>
internal static class PodManifest
{
    public static void Write(Utf8JsonWriter json, Pod pod, string version, PodView view)
    {
        json.WriteStartObject();
        if (view == PodView.ApiServer)
        {
            json.WriteString("kind", "Pod");
            json.WriteString("apiVersion", "v1");
        }

        WriteMetadata(json, pod, version, view);
        WriteSpec(json, pod);
        PodStatusManifest.Write(json, pod);
        json.WriteEndObject();
    }

    public static void WriteResources(Utf8JsonWriter json, ContainerSpec container)
    {
        json.WriteStartObject("resources");
        WriteQuantities(json, "limits", container.CpuLimitMillicores, container.MemoryLimitBytes);
        WriteQuantities(json, "requests", container.CpuRequestMillicores, container.MemoryRequestBytes);
        json.WriteEndObject();
    }

    private static void WriteQuantities(Utf8JsonWriter json, string property, long cpuMillicores, long memoryBytes)
    {
        if (cpuMillicores == 0 && memoryBytes == 0)
            return;

        json.WriteStartObject(property);
        if (cpuMillicores > 0)
            json.WriteString("cpu", Millicores(cpuMillicores));
        if (memoryBytes > 0)
            json.WriteString("memory", Bytes(memoryBytes));
        json.WriteEndObject();
    }

    private static string Millicores(long value) =>
        value % 1000 == 0 ? (value / 1000).ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{value}m");

    private static string Bytes(long value) => value % (1 << 20) == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{value >> 20}Mi")
        : value.ToString(CultureInfo.InvariantCulture);

    private static void WriteMetadata(Utf8JsonWriter json, Pod pod, string version, PodView view)
    {
        PodSpec spec = pod.Spec;
        bool staticAtKubelet = spec.IsStatic && view == PodView.Kubelet;
        json.WriteStartObject("metadata");
        json.WriteString("name", spec.Name);
        json.WriteString("namespace", spec.Namespace);
        json.WriteString("uid", staticAtKubelet ? pod.CgroupUid : pod.Uid);
        if (!staticAtKubelet)
        {
            json.WriteString("resourceVersion", version);
            json.WriteNumber("generation", 1);
            json.WriteTime("creationTimestamp", pod.Created);
            if (pod.DeletionRequested is { } deletion)
            {
                json.WriteTime("deletionTimestamp", deletion.AddSeconds(pod.DeletionGraceSeconds));
                json.WriteNumber("deletionGracePeriodSeconds", pod.DeletionGraceSeconds);
            }
        }

        if (spec.Labels.Count > 0)
            json.WriteMap("labels", spec.Labels);
        WriteAnnotations(json, pod, view);
        WriteOwner(json, pod);
        json.WriteEndObject();
    }

    private static void WriteAnnotations(Utf8JsonWriter json, Pod pod, PodView view)
    {
        if (!pod.Spec.IsStatic && view == PodView.ApiServer)
            return;

        json.WriteStartObject("annotations");
        if (pod.Spec.IsStatic)
        {
            json.WriteString("kubernetes.io/config.hash", pod.CgroupUid);
            if (view == PodView.ApiServer)
                json.WriteString("kubernetes.io/config.mirror", pod.CgroupUid);
        }

        json.WriteString("kubernetes.io/config.seen", pod.Created.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture));
        json.WriteString("kubernetes.io/config.source", pod.Spec.IsStatic ? "file" : "api");
        json.WriteEndObject();
    }

    private static void WriteOwner(Utf8JsonWriter json, Pod pod)
    {
        (string? kind, string? name) = pod.Spec.IsStatic ? ("Node", pod.Node.Name) : (pod.Spec.OwnerKind, pod.Spec.OwnerName);
        if (kind is null || name is null)
            return;

        json.WriteStartArray("ownerReferences");
        json.WriteStartObject();
        json.WriteString("apiVersion", kind switch { "Node" => "v1", "Job" => "batch/v1", _ => "apps/v1" });
        json.WriteString("kind", kind);
        json.WriteString("name", name);
        json.WriteString("uid", kind == "Node" ? pod.Node.Uid : Derivation.Uuid(0, "owner", $"{pod.Namespace.Uid}/{kind}/{name}"));
        json.WriteBoolean("controller", true);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteSpec(Utf8JsonWriter json, Pod pod)
    {
        PodSpec spec = pod.Spec;
        json.WriteStartObject("spec");
        json.WriteStartArray("volumes");
        foreach (string volume in spec.EmptyDirs)
        {
            json.WriteStartObject();
            json.WriteString("name", volume);
            json.WriteStartObject("emptyDir");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        foreach (string claim in spec.PersistentVolumeClaims)
        {
            json.WriteStartObject();
            json.WriteString("name", claim);
            json.WriteStartObject("persistentVolumeClaim");
            json.WriteString("claimName", claim);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (!spec.IsStatic)
        {
            json.WriteStartObject();
            json.WriteString("name", pod.TokenVolume);
            json.WriteStartObject("projected");
            json.WriteNumber("defaultMode", 420);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (pod.Slots.Any(slot => slot.Kind != SlotKind.Main))
            WriteContainers(json, "initContainers", pod, slot => slot.Kind != SlotKind.Main);
        WriteContainers(json, "containers", pod, slot => slot.Kind == SlotKind.Main);
        json.WriteString("restartPolicy", spec.RestartPolicy.ToString());
        json.WriteNumber("terminationGracePeriodSeconds", 30);
        json.WriteString("dnsPolicy", "ClusterFirst");
        if (!spec.IsStatic)
        {
            json.WriteString("serviceAccountName", spec.ServiceAccount);
            json.WriteString("serviceAccount", spec.ServiceAccount);
        }

        if (pod.Scheduled)
            json.WriteString("nodeName", pod.Node.Name);
        if (spec.HostNetwork)
            json.WriteBoolean("hostNetwork", true);
        json.WriteStartObject("securityContext");
        json.WriteEndObject();
        json.WriteString("schedulerName", "default-scheduler");
        json.WriteBoolean("enableServiceLinks", true);
        if (spec.RuntimeClass is { } runtimeClass)
        {
            json.WriteString("runtimeClassName", runtimeClass);
            WriteQuantities(json, "overhead", spec.OverheadCpuMillicores, spec.OverheadMemoryBytes);
        }

        json.WriteEndObject();
    }

    private static void WriteContainers(Utf8JsonWriter json, string property, Pod pod, Func<ContainerSlot, bool> which)
    {
        json.WriteStartArray(property);
        foreach (ContainerSlot slot in pod.Slots.Where(which))
        {
            json.WriteStartObject();
            json.WriteString("name", slot.Spec.Name);
            json.WriteString("image", slot.Spec.Image);
            WriteResources(json, slot.Spec);
            if (slot.Kind == SlotKind.Sidecar)
                json.WriteString("restartPolicy", "Always");
            json.WriteString("terminationMessagePath", "/dev/termination-log");
            json.WriteString("terminationMessagePolicy", "File");
            json.WriteString("imagePullPolicy", "IfNotPresent");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
