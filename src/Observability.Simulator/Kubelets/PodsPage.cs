using System.Buffers;
using System.Text.Json;
using Observability.Simulator.Api;
using Observability.Simulator.Cluster;

namespace Observability.Simulator.Kubelets;

/// <summary>/pods: the kubelet's view of its pods, in which static pods keep their config hash as UID.</summary>
internal static class PodsPage
{
    public static ReadOnlyMemory<byte> Render(ClusterState cluster, Node node)
    {
        ArrayBufferWriter<byte> buffer = new(64 << 10);
        using (Utf8JsonWriter json = new(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("kind", "PodList");
            json.WriteString("apiVersion", "v1");
            json.WriteStartObject("metadata");
            json.WriteEndObject();
            json.WriteStartArray("items");
            foreach (Pod pod in cluster.Pods.Where(pod => pod.Node == node).OrderBy(pod => pod.Uid, StringComparer.Ordinal))
                PodManifest.Write(json, pod, "1", PodView.Kubelet);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
