using System.Text.Json;
using Observability.Kubernetes.Objects;
using Observability.Tenancy;

namespace Observability.Kubernetes.Tests.Objects;

public class PodMappingTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef";

    [Test]
    public void Containers_are_read_with_their_kind_and_what_is_in_force()
    {
        PodObject pod = Map("""
            {
              "metadata": { "name": "p", "namespace": "n", "uid": "u", "creationTimestamp": "2026-01-01T00:00:01Z", "deletionTimestamp": "2026-01-01T00:00:09Z" },
              "spec": {
                "nodeName": "node-1", "hostNetwork": true, "overhead": { "cpu": "250m", "memory": "32Mi" },
                "initContainers": [ { "name": "first" }, { "name": "side", "restartPolicy": "Always" } ],
                "containers": [ { "name": "main", "resources": {
                  "requests": { "cpu": "100m", "memory": "1e3", "ephemeral-storage": "1G" }, "limits": { "cpu": "1.5", "memory": "128Mi" } } } ]
              },
              "status": { "phase": "Running", "startTime": "2026-01-01T00:00:02Z",
                "containerStatuses": [ { "name": "main", "resources": { "requests": { "cpu": "200m" } } } ] }
            }
            """)!;

        Assert.That(pod.Containers.Select(container => (container.Name, container.Kind)), Is.EqualTo(new[]
        {
            ("first", ContainerKind.Init), ("side", ContainerKind.Sidecar), ("main", ContainerKind.Main),
        }));
        Assert.That(pod.Containers[2], Is.EqualTo(new ContainerResources
        {
            Name = "main", CpuRequestMillicores = 200, CpuLimitMillicores = 1500, MemoryRequestBytes = 1000, MemoryLimitBytes = 128 << 20,
            EphemeralStorageRequestBytes = 1_000_000_000,
        }));
        Assert.That(pod.Overhead, Is.EqualTo(new PodOverhead(250, 32 << 20, null)));
        Assert.That((pod.HostNetwork, pod.Phase, pod.StartedMs - pod.CreatedMs, pod.DeletedMs - pod.CreatedMs), Is.EqualTo((true, PodPhase.Running, 1000L, 8000L)));
    }

    [TestCase(Hash, Hash, "Node", "true", "node-1", ExpectedResult = Hash)]
    [TestCase(Hash, "other", "Node", "true", "node-1", ExpectedResult = "u")]
    [TestCase(Hash, Hash, "ReplicaSet", "true", "node-1", ExpectedResult = "u")]
    [TestCase(Hash, Hash, "Node", "false", "node-1", ExpectedResult = "u")]
    [TestCase(Hash, Hash, "Node", "true", "node-2", ExpectedResult = "u")]
    [TestCase("11111111-2222-3333-4444-555555555555", "11111111-2222-3333-4444-555555555555", "Node", "true", "node-1", ExpectedResult = "u")]
    [TestCase("0123456789ABCDEF0123456789ABCDEF", "0123456789ABCDEF0123456789ABCDEF", "Node", "true", "node-1", ExpectedResult = "u")]
    public string A_config_hash_is_believed_only_of_a_mirror_pod_as_the_kubelet_writes_it(string hash, string mirror, string kind, string controller, string owner) =>
        Map($$"""
            {
              "metadata": { "name": "p", "namespace": "n", "uid": "u",
                "annotations": { "kubernetes.io/config.hash": "{{hash}}", "kubernetes.io/config.mirror": "{{mirror}}" },
                "ownerReferences": [ { "kind": "{{kind}}", "name": "{{owner}}", "controller": {{controller}} } ] },
              "spec": { "nodeName": "node-1" }
            }
            """)!.CgroupUid;

    [TestCase("{}")]
    [TestCase("""{"metadata":{"name":"p","namespace":"n"}}""")]
    [TestCase("""{"metadata":{"name":"p","uid":"u"}}""")]
    [TestCase("""{"metadata":{"namespace":"n","uid":"u"}}""")]
    public void What_has_no_identity_is_no_pod(string json) => Assert.That(Map(json), Is.Null);

    [Test]
    public void A_pod_that_is_not_scheduled_has_no_node_and_no_containers_status() =>
        Assert.That(Map("""{"metadata":{"name":"p","namespace":"n","uid":"u"},"status":{"phase":"Pending"}}"""),
            Has.Property("Node").EqualTo("").And.Property("Phase").EqualTo(PodPhase.Pending).And.Property("StartedMs").Null);

    private static PodObject? Map(string json) => new PodMapping().Map(JsonSerializer.Deserialize(json, WireJson.Default.WirePod)!, 7);
}
