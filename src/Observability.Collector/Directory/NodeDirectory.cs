using Observability.Protocol.V1;

namespace Observability.Collector.Directory;

/// <summary>The node's part of the tenant directory, as streamed by the aggregator. A pod that went is forgotten here, not by its series.</summary>
internal sealed class NodeDirectory
{
    private readonly Dictionary<string, DirectoryEntry> _byUid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DirectoryEntry> _byCgroup = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Namespace, string Name), DirectoryEntry> _byName = [];

    internal int Count => _byUid.Count;

    internal ulong Version { get; private set; }

    internal DirectoryEntry? ByUid(string uid) => _byUid.GetValueOrDefault(uid);

    /// <summary>Finds a pod by the UID on a cgroup path.</summary>
    internal DirectoryEntry? ByCgroup(string uid) => _byCgroup.GetValueOrDefault(uid) ?? _byUid.GetValueOrDefault(uid);

    internal DirectoryEntry? ByName(string @namespace, string name) => _byName.GetValueOrDefault((@namespace, name));

    internal void Apply(DirectoryUpdate update)
    {
        if (update.Full)
        {
            _byUid.Clear();
            _byCgroup.Clear();
            _byName.Clear();
        }
        foreach (string uid in update.RemovedPodUids)
            Remove(uid);
        foreach (DirectoryPod pod in update.Pods)
        {
            Remove(pod.Uid);
            var entry = new DirectoryEntry(pod.Uid, pod.CgroupUid.Length > 0 ? pod.CgroupUid : pod.Uid, pod.Namespace, pod.Name, pod.Tenant, pod.HostNetwork);
            _byUid[entry.Uid] = entry;
            _byCgroup[entry.CgroupUid] = entry;
            _byName[(entry.Namespace, entry.Name)] = entry;
        }
        Version = update.Version;
    }

    private void Remove(string uid)
    {
        if (!_byUid.Remove(uid, out DirectoryEntry? entry))
            return;
        // A pod of the same name may have taken its place already.
        if (_byName.TryGetValue((entry.Namespace, entry.Name), out DirectoryEntry? named) && named.Uid == uid)
            _byName.Remove((entry.Namespace, entry.Name));
        if (_byCgroup.TryGetValue(entry.CgroupUid, out DirectoryEntry? known) && known.Uid == uid)
            _byCgroup.Remove(entry.CgroupUid);
    }
}
