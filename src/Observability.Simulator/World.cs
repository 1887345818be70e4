using Observability.Simulator.Cluster;
using Observability.Simulator.Rbac;
using Observability.Simulator.Workloads;

namespace Observability.Simulator;

/// <summary>
/// What can be done to the cluster, and what is in it. Everything happens at the time of the call; what follows from it
/// (containers that stop, namespaces that go) happens in simulated time. Unknown names throw <see cref="InvalidOperationException"/>.
/// </summary>
public sealed class World
{
    private readonly ClusterState state;

    internal World(ClusterState state) => this.state = state;

    public IReadOnlyList<PodInfo> Pods =>
        state.Enter(static cluster => (IReadOnlyList<PodInfo>)[.. cluster.Pods.Select(Describe).OrderBy(pod => (pod.Namespace, pod.Name))]);

    /// <returns>The new namespace's UID.</returns>
    public string CreateNamespace(string name, IReadOnlyDictionary<string, string>? labels = null) =>
        state.Enter(cluster => cluster.CreateNamespace(name, labels ?? new Dictionary<string, string>()).Uid);

    /// <summary>Its pods terminate first; then it goes.</summary>
    public void DeleteNamespace(string name) => state.Enter(cluster => cluster.DeleteNamespace(name));

    /// <param name="name">The namespace.</param>
    /// <param name="key">The label.</param>
    /// <param name="value">Null takes the label away.</param>
    public void LabelNamespace(string name, string key, string? value) => state.Enter(cluster => cluster.LabelNamespace(name, key, value));

    public string NamespaceUid(string name) => state.Enter(cluster => cluster.NamespaceUid(name));

    public PodInfo CreatePod(PodSpec spec) => state.Enter(cluster => Describe(cluster.CreatePod(spec)));

    /// <param name="ns">The namespace.</param>
    /// <param name="name">The pod.</param>
    /// <param name="grace">Zero deletes it at once, as a forced deletion does.</param>
    public void DeletePod(string ns, string name, TimeSpan? grace = null) => state.Enter(cluster => { cluster.DeletePod(ns, name, grace); });

    public PodInfo? FindPod(string ns, string name) => state.Enter(cluster => cluster.FindPod(ns, name) is { } pod ? Describe(pod) : null);

    /// <summary>Kills the running container; it comes back, with a new id, as its restart policy says.</summary>
    public void KillContainer(string ns, string pod, string container, bool outOfMemory = false) =>
        state.Enter(cluster => cluster.KillContainer(ns, pod, container, outOfMemory));

    /// <returns>The account's UID.</returns>
    public string CreateServiceAccount(string ns, string name) => state.Enter(cluster => cluster.CreateServiceAccount(ns, name));

    public void AddRole(Role role) => state.Enter(cluster => cluster.PutRole(role));

    public void RemoveRole(string? ns, string name) => state.Enter(cluster => cluster.RemoveRole(ns, name));

    public void AddBinding(RoleBinding binding) => state.Enter(cluster => cluster.PutBinding(binding));

    /// <param name="ns">Null for a cluster role binding.</param>
    /// <param name="name">The binding.</param>
    public void RemoveBinding(string? ns, string name) => state.Enter(cluster => cluster.RemoveBinding(ns, name));

    private static PodInfo Describe(Pod pod) => new()
    {
        Namespace = pod.Spec.Namespace,
        NamespaceUid = pod.Namespace.Uid,
        Name = pod.Spec.Name,
        Uid = pod.Uid,
        CgroupUid = pod.CgroupUid,
        Node = pod.Node.Name,
        HostNetwork = pod.Spec.HostNetwork,
        IsStatic = pod.Spec.IsStatic,
        Phase = pod.Phase,
        Created = pod.Created,
        Containers =
        [
            .. pod.Slots.Where(slot => slot.Current is not null).Select(slot => new ContainerInfo(
                slot.Spec.Name, slot.Current!.Id, slot.Current.Started, slot.Current.Ended, slot.RestartCount)),
        ],
    };
}
