using System.Globalization;
using Observability.Simulator.Api;
using Observability.Simulator.Rbac;
using Observability.Simulator.Workloads;

namespace Observability.Simulator.Cluster;

/// <summary>
/// All that the cluster is, behind one lock. Whoever enters sees everything that was due by now already done;
/// a timer does the same when nobody looks, so that watches tell of it.
/// </summary>
internal sealed class ClusterState : IDisposable
{
    /// <summary>How long before the start of the simulator the nodes booted.</summary>
    private static readonly TimeSpan Uptime = TimeSpan.FromHours(2);

    private const int RememberedPods = 4096;

    private readonly Lock gate = new();
    private readonly ulong seed;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly EventQueue events;
    private readonly PodLifecycle lifecycle;
    private readonly Dictionary<string, int> incarnations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NamespaceRecord> namespaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Pod> pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Pod> podsByUid = new(StringComparer.Ordinal);
    private readonly Queue<Pod> gonePods = new();
    private readonly Dictionary<string, (string Uid, DateTimeOffset Created)> serviceAccounts = new(StringComparer.Ordinal);

    public ClusterState(SimulatorOptions options, TimeProvider time)
    {
        seed = options.Seed;
        this.time = time;
        Started = time.GetUtcNow();
        Booted = Started - Uptime;
        events = new EventQueue(Booted);
        lifecycle = new PodLifecycle(seed, events, PutPod, ForgetPod);
        timer = time.CreateTimer(_ => Enter(static _ => true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Nodes = [.. Enumerable.Range(1, options.Nodes).Select(
            index => new Node(seed, string.Create(CultureInfo.InvariantCulture, $"node-{index}"), index, Booted))];
        foreach (Node node in Nodes)
            PutNode(node);
    }

    public DateTimeOffset Started { get; }

    public DateTimeOffset Booted { get; }

    public ulong Seed => seed;

    public IReadOnlyList<Node> Nodes { get; }

    public ObjectStore Objects { get; } = new();

    public RbacPolicy Policy { get; } = new();

    /// <summary>The time of what happens now: while an event is done, the event's.</summary>
    public DateTimeOffset Now => events.Now;

    public IReadOnlyCollection<Pod> Pods => pods.Values;

    /// <summary>Runs with everything done that was due by now, alone.</summary>
    public T Enter<T>(Func<ClusterState, T> act)
    {
        lock (gate)
        {
            events.AdvanceTo(time.GetUtcNow());
            T result = act(this);
            Arm();
            return result;
        }
    }

    public void Enter(Action<ClusterState> act) => Enter(state =>
    {
        act(state);
        return true;
    });

    /// <summary>Builds the past: everything of the scenario, at its time before the start.</summary>
    public void Populate(SimulatorOptions options)
    {
        lock (gate)
        {
            foreach (NamespaceSpec spec in options.Namespaces.Concat(options.Tenants.SelectMany(tenant => tenant.Namespaces)))
            {
                NamespaceRecord ns = CreateNamespace(spec.Name, spec.Labels);
                foreach (string account in spec.ServiceAccounts)
                    CreateServiceAccount(spec.Name, account);
                foreach (Role role in spec.Roles)
                    PutRole(role);
                foreach (RoleBinding binding in spec.Bindings)
                    PutBinding(binding);
                foreach (PodSpec pod in spec.Pods)
                    events.At(Started - (pod.Age ?? PodAge(pod)), () => CreatePod(pod, ns));
                foreach (CronSpec cron in spec.Crons)
                    ScheduleCron(cron, ns);
            }

            foreach (Role role in options.ClusterRoles)
                PutRole(role);
            foreach (RoleBinding binding in options.ClusterRoleBindings)
                PutBinding(binding);

            events.AdvanceTo(Started);
            Arm();
        }
    }

    public NamespaceRecord CreateNamespace(string name, IReadOnlyDictionary<string, string> labels)
    {
        if (namespaces.ContainsKey(name))
            throw new InvalidOperationException($"Namespace {name} exists.");

        string uid = Derivation.Uuid(seed, "namespace", Incarnation("namespace " + name));
        NamespaceRecord ns = new(name, uid, events.Now, WithName(name, labels));
        namespaces[name] = ns;
        PutNamespace(ns);
        CreateServiceAccount(name, "default");
        return ns;
    }

    public void PutNode(Node node) => Objects.Put(
        new ObjectIdentity(ResourceKind.Nodes, null, node.Name) { Labels = NodeManifest.Labels(node) }, (json, version) => NodeManifest.Write(json, node, version));

    /// <summary>The pods terminate first; the namespace goes with the last of them.</summary>
    public void DeleteNamespace(string name)
    {
        NamespaceRecord ns = RequireNamespace(name);
        if (ns.DeletionRequested is not null)
            return;

        ns.DeletionRequested = events.Now;
        PutNamespace(ns);
        foreach (Pod pod in PodsIn(ns))
            lifecycle.Terminate(pod, null);
        events.After(TimeSpan.FromSeconds(1), () => FinishNamespace(ns));
    }

    public void LabelNamespace(string name, string key, string? value)
    {
        NamespaceRecord ns = RequireNamespace(name);
        Dictionary<string, string> labels = new(ns.Labels, StringComparer.Ordinal);
        if (value is null)
            labels.Remove(key);
        else
            labels[key] = value;
        ns.Labels = labels;
        PutNamespace(ns);
    }

    public string NamespaceUid(string name) => RequireNamespace(name).Uid;

    public Pod CreatePod(PodSpec spec) => CreatePod(spec, RequireNamespace(spec.Namespace));

    public Pod DeletePod(string ns, string name, TimeSpan? grace)
    {
        Pod pod = RequirePod(ns, name);
        lifecycle.Terminate(pod, grace);
        return pod;
    }

    public void KillContainer(string ns, string name, string container, bool outOfMemory)
    {
        Pod pod = RequirePod(ns, name);
        ContainerSlot slot = pod.Slots.FirstOrDefault(slot => slot.Spec.Name == container)
            ?? throw new InvalidOperationException($"Pod {ns}/{name} has no container {container}.");
        lifecycle.Kill(pod, slot, outOfMemory);
    }

    public Pod? FindPod(string uid) => podsByUid.GetValueOrDefault(uid);

    public Pod? FindPod(string ns, string name) => pods.GetValueOrDefault($"{ns}/{name}");

    /// <returns>The account's UID, made when it is first named.</returns>
    public string CreateServiceAccount(string ns, string name)
    {
        string key = $"{ns}/{name}";
        if (!serviceAccounts.TryGetValue(key, out (string Uid, DateTimeOffset Created) account))
        {
            account = (Derivation.Uuid(seed, "service account", Incarnation("account " + key)), events.Now);
            serviceAccounts[key] = account;
            Objects.Put(
                new ObjectIdentity(ResourceKind.ServiceAccounts, ns, name),
                (json, version) => SmallManifests.WriteServiceAccount(json, ns, name, account.Uid, account.Created, version));
        }

        return account.Uid;
    }

    /// <summary>A pod of the account on the node, or made-up claims where there is none.</summary>
    public BoundPod PodToBind(string ns, string serviceAccount, string nodeName)
    {
        Node node = Nodes.FirstOrDefault(node => node.Name == nodeName) ?? throw new InvalidOperationException($"There is no node {nodeName}.");
        Pod? pod = node.Pods.FirstOrDefault(pod => pod.Spec.Namespace == ns && pod.Spec.ServiceAccount == serviceAccount && !pod.Gone);
        if (pod is not null)
            return new BoundPod(node.Name, node.Uid, pod.Spec.Name, pod.Uid, PodMustExist: true);

        string key = $"{ns}/{serviceAccount}/{node.Name}";
        return new BoundPod(
            node.Name,
            node.Uid,
            $"{serviceAccount}-{Derivation.Suffix(seed, "bound pod", key, 5)}",
            Derivation.Uuid(seed, "bound pod", key),
            PodMustExist: false);
    }

    public void PutRole(Role role)
    {
        Policy.Put(role);
        ObjectIdentity identity = RoleIdentity(role.Namespace, role.Name);
        Objects.Put(identity, (json, version) => SmallManifests.Write(json, role, ObjectUid(identity), Booted, version));
    }

    public void RemoveRole(string? ns, string name)
    {
        if (Policy.FindRole(ns, name) is not { } role)
            return;
        Policy.RemoveRole(ns, name);
        ObjectIdentity identity = RoleIdentity(ns, name);
        Objects.Delete(identity, (json, version) => SmallManifests.Write(json, role, ObjectUid(identity), Booted, version));
    }

    public void PutBinding(RoleBinding binding)
    {
        Policy.Put(binding);
        ObjectIdentity identity = BindingIdentity(binding.Namespace, binding.Name);
        Objects.Put(identity, (json, version) => SmallManifests.Write(json, binding, ObjectUid(identity), Booted, version));
    }

    public void RemoveBinding(string? ns, string name)
    {
        if (Policy.FindBinding(ns, name) is not { } binding)
            return;
        Policy.RemoveBinding(ns, name);
        ObjectIdentity identity = BindingIdentity(ns, name);
        Objects.Delete(identity, (json, version) => SmallManifests.Write(json, binding, ObjectUid(identity), Booted, version));
    }

    public void Dispose() => timer.Dispose();

    private static ObjectIdentity RoleIdentity(string? ns, string name) => new(ns is null ? ResourceKind.ClusterRoles : ResourceKind.Roles, ns, name);

    private static ObjectIdentity BindingIdentity(string? ns, string name) =>
        new(ns is null ? ResourceKind.ClusterRoleBindings : ResourceKind.RoleBindings, ns, name);

    private static Dictionary<string, string> WithName(string name, IReadOnlyDictionary<string, string> labels) =>
        new(labels, StringComparer.Ordinal) { ["kubernetes.io/metadata.name"] = name };

    private Pod CreatePod(PodSpec spec, NamespaceRecord ns)
    {
        string key = $"{spec.Namespace}/{spec.Name}";
        if (ns.DeletionRequested is not null)
            throw new InvalidOperationException($"Namespace {spec.Namespace} is being deleted.");
        if (pods.ContainsKey(key))
            throw new InvalidOperationException($"Pod {key} exists.");

        int incarnation = NextIncarnation("pod " + key);
        Node node = spec.Node is { } name
            ? Nodes.First(node => node.Name == name)
            : Nodes[(int)(Derivation.Number(seed, "placement", $"{key}/{incarnation}") % (ulong)Nodes.Count)];
        Pod pod = new(seed, spec, ns, incarnation, node, events.Now);
        ulong ip = Derivation.Number(seed, "ip", pod.Key);
        pod.Ip = spec.HostNetwork
            ? node.Address
            : string.Create(CultureInfo.InvariantCulture, $"10.{64 + node.Index}.{ip % 250}.{2 + ((ip >> 16) % 250)}");
        pods[key] = pod;
        podsByUid[pod.Uid] = pod;
        podsByUid[pod.CgroupUid] = pod;
        node.Pods.Add(pod);
        PutPod(pod);
        pod.Scheduled = true;
        PutPod(pod);
        lifecycle.Begin(pod);
        return pod;
    }

    private TimeSpan PodAge(PodSpec pod) =>
        TimeSpan.FromSeconds(Math.Round(Derivation.Between(seed, "age", $"{pod.Namespace}/{pod.Name}", 300, 2700)));

    private void ScheduleCron(CronSpec cron, NamespaceRecord ns)
    {
        string key = $"{ns.Name}/{cron.Template.Name}";
        DateTimeOffset first = Started - TimeSpan.FromSeconds(Math.Round(Derivation.Between(seed, "cron", key, 0, cron.Every.TotalSeconds)));
        Fire(0);

        void Fire(int number) => events.At(first + (number * cron.Every), () =>
        {
            if (!namespaces.ContainsValue(ns) || ns.DeletionRequested is not null)
                return;

            string job = string.Create(CultureInfo.InvariantCulture, $"{cron.Template.Name}-{number}");
            CreatePod(
                cron.Template with
                {
                    Name = $"{job}-{Derivation.Suffix(seed, "job", $"{ns.Name}/{job}", 5)}",
                    OwnerKind = "Job",
                    OwnerName = job,
                },
                ns);
            Fire(number + 1);
        });
    }

    private void FinishNamespace(NamespaceRecord ns)
    {
        if (PodsIn(ns).Count > 0)
        {
            events.After(TimeSpan.FromSeconds(1), () => FinishNamespace(ns));
            return;
        }

        foreach (RoleBinding binding in Policy.BindingsIn(ns.Name))
            RemoveBinding(ns.Name, binding.Name);
        foreach (Role role in Policy.RolesIn(ns.Name))
            RemoveRole(ns.Name, role.Name);
        foreach (string key in serviceAccounts.Keys.Where(key => key.StartsWith(ns.Name + "/", StringComparison.Ordinal)).ToArray())
        {
            string name = key[(ns.Name.Length + 1)..];
            (string uid, DateTimeOffset created) = serviceAccounts[key];
            serviceAccounts.Remove(key);
            Objects.Delete(
                new ObjectIdentity(ResourceKind.ServiceAccounts, ns.Name, name),
                (json, version) => SmallManifests.WriteServiceAccount(json, ns.Name, name, uid, created, version));
        }

        namespaces.Remove(ns.Name);
        Objects.Delete(NamespaceIdentity(ns), (json, version) => SmallManifests.Write(json, ns, version));
    }

    private IReadOnlyList<Pod> PodsIn(NamespaceRecord ns) => [.. pods.Values.Where(pod => pod.Namespace == ns)];

    private NamespaceRecord RequireNamespace(string name) =>
        namespaces.GetValueOrDefault(name) ?? throw new InvalidOperationException($"There is no namespace {name}.");

    private Pod RequirePod(string ns, string name) => FindPod(ns, name) ?? throw new InvalidOperationException($"There is no pod {ns}/{name}.");

    private int NextIncarnation(string key)
    {
        int next = incarnations.GetValueOrDefault(key);
        incarnations[key] = next + 1;
        return next;
    }

    private string Incarnation(string key) => string.Create(CultureInfo.InvariantCulture, $"{key}/{NextIncarnation(key)}");

    private string ObjectUid(ObjectIdentity identity) => Derivation.Uuid(seed, identity.Kind.Resource, identity.Key);

    private static ObjectIdentity NamespaceIdentity(NamespaceRecord ns) => new(ResourceKind.Namespaces, null, ns.Name) { Labels = ns.Labels };

    private void PutNamespace(NamespaceRecord ns) => Objects.Put(NamespaceIdentity(ns), (json, version) => SmallManifests.Write(json, ns, version));

    private void PutPod(Pod pod) => Objects.Put(PodIdentity(pod), (json, version) => PodManifest.Write(json, pod, version, PodView.ApiServer));

    private void ForgetPod(Pod pod)
    {
        Objects.Delete(PodIdentity(pod), (json, version) => PodManifest.Write(json, pod, version, PodView.ApiServer));
        pods.Remove($"{pod.Spec.Namespace}/{pod.Spec.Name}");
        gonePods.Enqueue(pod);
        if (gonePods.Count > RememberedPods)
        {
            Pod oldest = gonePods.Dequeue();
            podsByUid.Remove(oldest.Uid);
            podsByUid.Remove(oldest.CgroupUid);
        }
    }

    private static ObjectIdentity PodIdentity(Pod pod) => new(ResourceKind.Pods, pod.Spec.Namespace, pod.Spec.Name)
    {
        Labels = pod.Spec.Labels,
        NodeName = pod.Scheduled ? pod.Node.Name : "",
        Phase = pod.Phase,
    };

    private void Arm()
    {
        if (events.NextDue is { } due)
        {
            TimeSpan wait = due - time.GetUtcNow();
            timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
