using Observability.Protocol.V1;
using Observability.Tenancy;
using WirePod = Observability.Protocol.V1.DirectoryPod;

namespace Observability.Aggregator.Ingest;

/// <summary>
/// A node's part of the directory, as a collector gets it. A config hash is an annotation, which a tenant can write as well: it is told
/// only of the pod that the directory finds by it, or a tenant's pod would get the rows of another's.
/// </summary>
internal static class DirectoryMessages
{
    public static DirectoryUpdate From(NodeChange change, DirectorySnapshot directory)
    {
        var update = new DirectoryUpdate { Full = change.IsFull, Version = (ulong)change.Version };
        foreach (Tenancy.DirectoryPod pod in change.Pods)
        {
            update.Pods.Add(new WirePod
            {
                Uid = pod.Uid,
                CgroupUid = Holds(pod, directory) ? pod.Pod.CgroupUid : pod.Uid,
                Namespace = pod.Pod.Namespace,
                Name = pod.Pod.Name,
                Tenant = pod.Tenant.ToString(),
                HostNetwork = pod.Pod.HostNetwork,
            });
        }
        update.RemovedPodUids.AddRange(change.RemovedPodUids);
        return update;
    }

    private static bool Holds(Tenancy.DirectoryPod pod, DirectorySnapshot directory) =>
        directory.TryGetPodByCgroup(pod.Pod.Node, pod.Pod.CgroupUid, out Tenancy.DirectoryPod? holder) &&
        string.Equals(holder.Uid, pod.Uid, StringComparison.Ordinal);
}
