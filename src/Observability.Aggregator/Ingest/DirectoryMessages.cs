using Observability.Protocol.V1;
using Observability.Tenancy;
using WirePod = Observability.Protocol.V1.DirectoryPod;

namespace Observability.Aggregator.Ingest;

/// <summary>A node's part of the directory, as a collector gets it.</summary>
internal static class DirectoryMessages
{
    public static DirectoryUpdate From(NodeChange change)
    {
        var update = new DirectoryUpdate { Full = change.IsFull, Version = (ulong)change.Version };
        foreach (Tenancy.DirectoryPod pod in change.Pods)
        {
            update.Pods.Add(new WirePod
            {
                Uid = pod.Uid,
                CgroupUid = pod.Pod.CgroupUid,
                Namespace = pod.Pod.Namespace,
                Name = pod.Pod.Name,
                Tenant = pod.Tenant.ToString(),
                HostNetwork = pod.Pod.HostNetwork,
            });
        }
        update.RemovedPodUids.AddRange(change.RemovedPodUids);
        return update;
    }
}
