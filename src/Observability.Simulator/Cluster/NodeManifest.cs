using System.Globalization;
using System.Text.Json;
using Observability.Simulator.Api;

namespace Observability.Simulator.Cluster;

/// <summary>Writes a node as core/v1 JSON.</summary>
internal static class NodeManifest
{
    public static IReadOnlyDictionary<string, string> Labels(Node node) => new Dictionary<string, string>
    {
        ["kubernetes.io/arch"] = "amd64",
        ["kubernetes.io/hostname"] = node.Name,
        ["kubernetes.io/os"] = "linux",
    };

    public static void Write(Utf8JsonWriter json, Node node, string version)
    {
        json.WriteStartObject();
        json.WriteString("kind", "Node");
        json.WriteString("apiVersion", "v1");
        json.WriteStartObject("metadata");
        json.WriteString("name", node.Name);
        json.WriteString("uid", node.Uid);
        json.WriteString("resourceVersion", version);
        json.WriteTime("creationTimestamp", node.Booted);
        json.WriteMap("labels", Labels(node));
        json.WriteEndObject();
        json.WriteStartObject("spec");
        json.WriteString("podCIDR", string.Create(CultureInfo.InvariantCulture, $"10.{64 + node.Index}.0.0/16"));
        json.WriteEndObject();
        json.WriteStartObject("status");
        WriteResources(json, "capacity", reservedMillicores: 0, reservedBytes: 0);
        WriteResources(json, "allocatable", reservedMillicores: 200, reservedBytes: 1L << 30);
        json.WriteStartArray("conditions");
        json.WriteStartObject();
        json.WriteString("type", "Ready");
        json.WriteString("status", "True");
        json.WriteString("reason", "KubeletReady");
        json.WriteTime("lastTransitionTime", node.Booted);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("addresses");
        WriteAddress(json, "InternalIP", "127.0.0.1"); // where its kubelet can be reached
        WriteAddress(json, "Hostname", node.Name);
        json.WriteEndArray();
        json.WriteStartObject("daemonEndpoints");
        json.WriteStartObject("kubeletEndpoint");
        json.WriteNumber("Port", node.KubeletPort);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("nodeInfo");
        json.WriteString("machineID", node.MachineId);
        json.WriteString("systemUUID", node.MachineId);
        json.WriteString("bootID", node.BootId);
        json.WriteString("kernelVersion", "6.18.0");
        json.WriteString("osImage", "Simulated Linux");
        json.WriteString("containerRuntimeVersion", "containerd://2.1.9");
        json.WriteString("kubeletVersion", "v1.36.2");
        json.WriteString("kubeProxyVersion", "");
        json.WriteString("operatingSystem", "linux");
        json.WriteString("architecture", "amd64");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter json, string property, int reservedMillicores, long reservedBytes)
    {
        json.WriteStartObject(property);
        json.WriteString("cpu", string.Create(CultureInfo.InvariantCulture, $"{(Node.Cores * 1000) - reservedMillicores}m"));
        json.WriteString("memory", string.Create(CultureInfo.InvariantCulture, $"{(Node.MemoryBytes - reservedBytes) >> 10}Ki"));
        json.WriteString("pods", "110");
        json.WriteEndObject();
    }

    private static void WriteAddress(Utf8JsonWriter json, string type, string address)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("address", address);
        json.WriteEndObject();
    }
}
