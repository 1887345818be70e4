using System.Globalization;
using Observability.Simulator.Cluster;
using Observability.Simulator.Rbac;
using Observability.Simulator.Workloads;

namespace Observability.Simulator;

/// <summary>Clusters ready to start.</summary>
public static class Scenarios
{
    /// <summary>The API group of this project's own rights.</summary>
    private const string Group = "observability.io";

    /// <summary>On every node: a static pod, a host-network daemon, and the collector.</summary>
    private const int SystemPodsPerNode = 3;

    /// <summary>
    /// acme (acme-web, acme-batch), globex (globex-prod), initech (initech-dev), the namespace orphan that no tenant owns, and the system's.
    /// Service accounts: <c>viewer</c> in acme-web, globex-prod and initech-dev may read its tenant's metrics, <c>web-only</c> in acme-web that
    /// namespace's; in observability, <c>operator</c> reads every tenant's, <c>collector</c> reads kubelets and pushes for its own node,
    /// <c>collector-multi</c> pushes for every node by name, <c>aggregator</c> reviews and watches.
    /// A tenant can be taken out of <see cref="SimulatorOptions.Tenants"/> without changing a byte of another's rows.
    /// </summary>
    public static SimulatorOptions ThreeTenants(ulong seed = 1, int nodes = 3, int podsPerNode = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(podsPerNode, SystemPodsPerNode + 1);
        PodPlan plan = new(seed, nodes, nodes * (podsPerNode - SystemPodsPerNode));
        return new SimulatorOptions
        {
            Seed = seed,
            Nodes = nodes,
            PodsPerNode = podsPerNode,
            Tenants =
            [
                new TenantSpec("acme",
                [
                    Owned("acme-web", "acme", TenantPods.AcmeWeb(plan)) with
                    {
                        ServiceAccounts = ["viewer", "web-only"],
                        Roles = [TenantViewer("acme"), NamespaceViewer("acme-web")],
                        Bindings = [TenantViewerBinding("acme", "acme-web"), NamespaceViewerBinding("acme-web", "web-only")],
                    },
                    Owned("acme-batch", "acme", TenantPods.AcmeBatch(plan)) with { Crons = TenantPods.AcmeJobs() },
                ]),
                new TenantSpec("globex",
                [
                    Owned("globex-prod", "globex", TenantPods.Globex(plan)) with
                    {
                        Crons = TenantPods.GlobexJobs(),
                        ServiceAccounts = ["viewer"],
                        Roles = [TenantViewer("globex")],
                        Bindings = [TenantViewerBinding("globex", "globex-prod")],
                    },
                ]),
                new TenantSpec("initech",
                [
                    Owned("initech-dev", "initech", TenantPods.Initech(plan)) with
                    {
                        ServiceAccounts = ["viewer"],
                        Roles = [TenantViewer("initech")],
                        Bindings = [TenantViewerBinding("initech", "initech-dev")],
                    },
                ]),
            ],
            Namespaces =
            [
                new NamespaceSpec { Name = "default" },
                new NamespaceSpec { Name = "kube-public" },
                new NamespaceSpec { Name = "kube-system", Pods = SystemPods(nodes) },
                new NamespaceSpec
                {
                    Name = "observability",
                    Pods = Collectors(seed, nodes),
                    ServiceAccounts = ["aggregator", "collector", "collector-multi", "operator"],
                },
                new NamespaceSpec { Name = "orphan", Pods = TenantPods.Orphan(plan) },
            ],
            ClusterRoles = ClusterRoles(nodes),
            ClusterRoleBindings =
            [
                new RoleBinding { Name = "system:discovery", RoleName = "system:discovery", Subjects = [Subject.Group("system:authenticated")] },
                Bind("operator"),
                Bind("collector"),
                Bind("collector-multi"),
                Bind("aggregator"),
            ],
        };
    }

    internal static string NodeName(int index) => string.Create(CultureInfo.InvariantCulture, $"node-{index + 1}");

    private static NamespaceSpec Owned(string name, string tenant, IReadOnlyList<PodSpec> pods) =>
        new() { Name = name, Labels = new Dictionary<string, string> { ["tenant"] = tenant }, Pods = pods };

    private static Role TenantViewer(string tenant) => new(null, $"tenant-{tenant}-viewer",
        [new PolicyRule { Verbs = ["get"], ApiGroups = [Group], Resources = ["tenants/metrics"], ResourceNames = [tenant] }]);

    private static RoleBinding TenantViewerBinding(string tenant, string ns) => new()
    {
        Name = $"tenant-{tenant}-viewer",
        RoleName = $"tenant-{tenant}-viewer",
        Subjects = [Subject.ServiceAccount(ns, "viewer")],
    };

    private static Role NamespaceViewer(string ns) =>
        new(ns, "namespace-viewer", [new PolicyRule { Verbs = ["get"], ApiGroups = [Group], Resources = ["metrics"] }]);

    private static RoleBinding NamespaceViewerBinding(string ns, string account) =>
        new() { Namespace = ns, Name = "namespace-viewer", RoleName = "namespace-viewer", Subjects = [Subject.ServiceAccount(ns, account)] };

    private static RoleBinding Bind(string account) =>
        new() { Name = $"observability-{account}", RoleName = $"observability-{account}", Subjects = [Subject.ServiceAccount("observability", account)] };

    private static IReadOnlyList<Role> ClusterRoles(int nodes)
    {
        PolicyRule kubelets = new() { Verbs = ["get"], ApiGroups = [""], Resources = ["nodes/metrics", "nodes/stats", "nodes/pods"] };
        return
        [
            new Role(null, "system:discovery",
            [
                new PolicyRule
                {
                    Verbs = ["get"],
                    NonResourceUrls = ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/readyz", "/version", "/version/"],
                },
            ]),
            new Role(null, "observability-operator",
            [
                new PolicyRule { Verbs = ["get"], ApiGroups = [Group], Resources = ["tenants/metrics"] },
                new PolicyRule { Verbs = ["get"], ApiGroups = ["metrics.k8s.io"], Resources = ["nodes"] },
            ]),
            new Role(null, "observability-collector",
                [kubelets, new PolicyRule { Verbs = ["create"], ApiGroups = [Group], Resources = ["samples"] }]),
            new Role(null, "observability-collector-multi",
            [
                kubelets,
                new PolicyRule
                {
                    Verbs = ["create"],
                    ApiGroups = [Group],
                    Resources = ["nodes/samples"],
                    ResourceNames = [.. Enumerable.Range(0, nodes).Select(NodeName)],
                },
            ]),
            new Role(null, "observability-aggregator",
            [
                new PolicyRule { Verbs = ["create"], ApiGroups = ["authentication.k8s.io"], Resources = ["tokenreviews"] },
                new PolicyRule { Verbs = ["create"], ApiGroups = ["authorization.k8s.io"], Resources = ["subjectaccessreviews"] },
                new PolicyRule { Verbs = ["get", "list", "watch"], ApiGroups = [""], Resources = ["namespaces", "nodes", "pods"] },
            ]),
        ];
    }

    private static IReadOnlyList<PodSpec> SystemPods(int nodes) =>
    [
        .. Enumerable.Range(0, nodes).SelectMany(index => new[]
        {
            new PodSpec
            {
                Namespace = "kube-system",
                Name = $"node-agent-{NodeName(index)}",
                Node = NodeName(index),
                IsStatic = true,
                Labels = new Dictionary<string, string> { ["app"] = "node-agent" },
                Containers = [new ContainerSpec { Name = "agent", CpuRequestMillicores = 25, MemoryRequestBytes = 16 << 20, CpuCores = 0.02 }],
            },
            new PodSpec
            {
                Namespace = "kube-system",
                Name = $"kube-proxy-{Derivation.Suffix(0, "daemon", NodeName(index), 5)}",
                Node = NodeName(index),
                HostNetwork = true,
                OwnerKind = "DaemonSet",
                OwnerName = "kube-proxy",
                Labels = new Dictionary<string, string> { ["app"] = "kube-proxy" },
                Containers = [new ContainerSpec { Name = "proxy", CpuRequestMillicores = 50, MemoryRequestBytes = 32 << 20, CpuCores = 0.01 }],
            },
        }),
    ];

    private static IReadOnlyList<PodSpec> Collectors(ulong seed, int nodes) =>
    [
        .. Enumerable.Range(0, nodes).Select(index => new PodSpec
        {
            Namespace = "observability",
            Name = $"collector-{Derivation.Suffix(seed, "daemon", NodeName(index), 5)}",
            Node = NodeName(index),
            ServiceAccount = "collector",
            OwnerKind = "DaemonSet",
            OwnerName = "collector",
            Labels = new Dictionary<string, string> { ["app"] = "collector" },
            Containers =
            [
                new ContainerSpec
                {
                    Name = "collector",
                    CpuRequestMillicores = 10,
                    MemoryRequestBytes = 32 << 20,
                    MemoryLimitBytes = 64 << 20,
                    CpuCores = 0.003,
                    MemoryBytes = 20 << 20,
                },
            ],
        }),
    ];
}
