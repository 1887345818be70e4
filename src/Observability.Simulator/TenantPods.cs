using Observability.Simulator.Workloads;

namespace Observability.Simulator;

/// <summary>What each tenant runs in <see cref="Scenarios.ThreeTenants"/>.</summary>
internal static class TenantPods
{
    private const long Mi = 1 << 20;

    public static IReadOnlyList<PodSpec> AcmeWeb(PodPlan plan) => plan.Fill(
        "acme-web",
        [
            new PodSpec
            {
                Namespace = "acme-web",
                Name = "web-app",
                Labels = App("web-app"),
                EmptyDirs = ["shared"],
                InitContainers = [Container("init-setup", 50, 0, 16, 0) with { RunsFor = TimeSpan.FromSeconds(8), CpuCores = 0.2 }],
                Sidecars = [Container("native-sidecar", 20, 0, 8, 0) with { CpuCores = 0.015 }],
                Containers = [Container("app", 150, 500, 16, 64) with { CpuCores = 0.12, MemoryBytes = 24 * Mi }, Container("log-shipper", 10, 0, 8, 32)],
            },
            new PodSpec
            {
                Namespace = "acme-web",
                Name = "net-server",
                Labels = App("net-server"),
                NetworkBytesPerSecond = 400_000,
                Containers = [Container("server", 20, 100, 16, 64)],
            },
        ],
        "frontend",
        TwoContainers("web", "log-shipper"));

    public static IReadOnlyList<PodSpec> AcmeBatch(PodPlan plan) => plan.Fill(
        "acme-batch",
        [
            new PodSpec
            {
                Namespace = "acme-batch",
                Name = "throttled",
                Labels = App("throttled"),
                Containers = [Container("burner", 50, 200, 16, 64) with { CpuCores = 0.5, MemoryBytes = 12 * Mi }],
            },
            new PodSpec
            {
                Namespace = "acme-batch",
                Name = "oom-victim",
                Labels = App("oom-victim"),
                Age = TimeSpan.FromMinutes(2),
                Containers =
                [
                    Container("leaker", 10, 100, 32, 64) with { MemoryBytes = 8 * Mi, LeakBytesPerSecond = Mi / 2 },
                    Container("bystander", 10, 0, 8, 0) with { CpuCores = 0.01 },
                ],
            },
            new PodSpec
            {
                Namespace = "acme-batch",
                Name = "crasher",
                Labels = App("crasher"),
                Age = TimeSpan.FromSeconds(40),
                Containers = [Container("main", 10, 0, 8, 0) with { RunsFor = TimeSpan.FromSeconds(20), ExitCode = 1, CpuCores = 0.05 }],
            },
        ],
        "worker",
        TwoContainers("worker", "metrics-helper"));

    public static IReadOnlyList<CronSpec> AcmeJobs() =>
    [
        Job("acme-batch", "report", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20)),
        Job("acme-batch", "cleanup", TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(6)),
    ];

    public static IReadOnlyList<PodSpec> Globex(PodPlan plan) => plan.Fill(
        "globex-prod",
        [
            new PodSpec
            {
                Namespace = "globex-prod",
                Name = "heavy",
                Labels = App("heavy"),
                RuntimeClass = "heavy",
                OverheadCpuMillicores = 50,
                OverheadMemoryBytes = 32 * Mi,
                Containers = [Container("main", 100, 200, 32, 64) with { CpuCores = 0.06, MemoryBytes = 20 * Mi }],
            },
            new PodSpec
            {
                Namespace = "globex-prod",
                Name = "db-0",
                Labels = App("db"),
                OwnerKind = "StatefulSet",
                OwnerName = "db",
                PersistentVolumeClaims = ["data-db-0"],
                Containers = [Container("db", 250, 500, 256, 512) with { CpuCores = 0.08, MemoryBytes = 200 * Mi }],
            },
            new PodSpec
            {
                Namespace = "globex-prod",
                Name = "scratchpad",
                Labels = App("scratchpad"),
                EmptyDirs = ["scratch", "shm"],
                Containers = [Container("shm", 10, 0, 16, 64), Container("disk", 10, 0, 16, 64)],
            },
        ],
        "api",
        TwoContainers("api", "proxy"));

    public static IReadOnlyList<CronSpec> GlobexJobs() => [Job("globex-prod", "sync", TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(50))];

    public static IReadOnlyList<PodSpec> Initech(PodPlan plan) => plan.Fill(
        "initech-dev",
        [
            new PodSpec
            {
                Namespace = "initech-dev",
                Name = "besteffort",
                Labels = App("besteffort"),
                Containers = [new ContainerSpec { Name = "be", CpuCores = 0.045 }],
            },
            new PodSpec
            {
                Namespace = "initech-dev",
                Name = "guaranteed",
                Labels = App("guaranteed"),
                Containers = [Container("g", 100, 100, 64, 64) with { CpuCores = 0.02, MemoryBytes = 30 * Mi }],
            },
        ],
        "dev",
        TwoContainers("app", "debug"));

    public static IReadOnlyList<PodSpec> Orphan(PodPlan plan) => plan.Fill(
        "orphan",
        [
            new PodSpec
            {
                Namespace = "orphan",
                Name = "stray",
                Labels = App("stray"),
                Containers = [Container("s", 10, 0, 8, 0) with { CpuCores = 0.025 }],
            },
        ],
        "lost",
        TwoContainers("lost", "found"));

    private static Func<PodSpec, PodSpec> TwoContainers(string main, string helper) => pod => pod with
    {
        Containers = [Container(main, 100, 300, 64, 128) with { Image = $"registry.example/{main}:1" }, Container(helper, 10, 0, 16, 64)],
    };

    private static CronSpec Job(string ns, string name, TimeSpan every, TimeSpan runsFor) => new()
    {
        Every = every,
        Template = new PodSpec
        {
            Namespace = ns,
            Name = name,
            Labels = App(name),
            RestartPolicy = RestartPolicy.Never,
            DeletedAfterFinished = TimeSpan.FromSeconds(30),
            Containers = [Container("job", 50, 0, 16, 64) with { RunsFor = runsFor, CpuCores = 0.2 }],
        },
    };

    private static ContainerSpec Container(string name, int cpuRequest, int cpuLimit, int memoryRequestMi, int memoryLimitMi) => new()
    {
        Name = name,
        CpuRequestMillicores = cpuRequest,
        CpuLimitMillicores = cpuLimit,
        MemoryRequestBytes = memoryRequestMi * Mi,
        MemoryLimitBytes = memoryLimitMi * Mi,
    };

    private static Dictionary<string, string> App(string name) => new() { ["app"] = name };
}
