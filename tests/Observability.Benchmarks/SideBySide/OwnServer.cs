using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Observability.Aggregator;
using Observability.Model;
using Observability.Simulator;
using Observability.Simulator.Rbac;
using Observability.Simulator.Workloads;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Benchmarks.SideBySide;

/// <summary>
/// This product's aggregator with a workload in its store: a process of its own, as the other contenders are. Its clock goes with the data, so that
/// sealing and dropping happen as they would have.
/// </summary>
internal static class OwnServer
{
    /// <summary>Loads, prints <c>ready URL OPERATOR-TOKEN TENANT-TOKEN</c>, and serves until its input ends.</summary>
    public static async Task<int> ServeAsync(Workload workload, string measuredTenant, string folder)
    {
        Directory.CreateDirectory(folder);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(workload.StartMs));
        await using ClusterSimulator simulator = await ClusterSimulator.StartAsync(Cluster(workload.Tenants), time, CancellationToken.None);
        string ca = Path.Combine(folder, "ca.pem"), token = Path.Combine(folder, "aggregator.token");
        await File.WriteAllTextAsync(ca, simulator.CaCertificatePem);
        await File.WriteAllTextAsync(token, simulator.IssueToken("observability", "aggregator", [], lifetime: TimeSpan.FromDays(7)));
        await using AggregatorHost host = AggregatorHost.Create(
            new AggregatorOptions
            {
                Kubernetes = new KubernetesOptions { ApiServer = simulator.ApiServer.ToString(), CaFile = ca, TokenFile = token },
                Listen = new ListenOptions { Query = "127.0.0.1:0", Grpc = "127.0.0.1:0", Admin = "127.0.0.1:0", Ingest = "127.0.0.1:0" },
                Store = new StoreSettings { Path = Path.Combine(folder, "store") },
                Telemetry = new TelemetryOptions { LogLevel = LogLevel.None },
            },
            services => services.AddSingleton<TimeProvider>(time));
        await host.StartAsync(CancellationToken.None);
        TenantDirectory directory = host.Services.GetRequiredService<TenantDirectory>();
        for (DirectorySnapshot now = directory.Current; now.Tenants.Count < workload.Tenants; now = directory.Current)
            await directory.WaitForChangeAsync(now.Version, CancellationToken.None);

        await LoadAsync(host.Services.GetRequiredService<MetricStore>(), directory, workload, time);

        string Token(string ns, string account) => simulator.IssueToken(ns, account, ["observability"], lifetime: TimeSpan.FromDays(7));
        Console.WriteLine($"ready {host.Endpoints.Query} {Token("observability", "operator")} {Token(measuredTenant + "-ns0", "viewer")}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task LoadAsync(MetricStore store, TenantDirectory directory, Workload workload, FakeTimeProvider time)
    {
        Dictionary<string, TenantUid> uids = directory.Current.Tenants.ToDictionary(tenant => tenant.Name.ToString(), tenant => tenant.Uid);
        SeriesHandle[] handles = [.. workload.Labels.Select((labels, series) => store.Resolve(uids[Workload.Tenant(workload.TenantOf(series))], labels))];
        for (int row = 0; row < workload.Rows; row++)
        {
            using WriteBatch batch = store.BeginBatch();
            for (int series = 0; series < handles.Length; series++)
                batch.Add(handles[series], workload.TimeOf(series, row), workload.Value(series, row));
            WriteResult written = await batch.CommitAsync(CancellationToken.None);
            if (written.Accepted != handles.Length)
                throw new InvalidOperationException($"Row {row}: {written}");
            time.Advance(TimeSpan.FromMilliseconds(Workload.StepMs));
        }
    }

    private static SimulatorOptions Cluster(int tenants)
    {
        return Scenarios.ThreeTenants(nodes: 1, podsPerNode: 6) with { Tenants = [.. Enumerable.Range(0, tenants).Select(number => Tenant(Workload.Tenant(number)))] };

        static TenantSpec Tenant(string name) => new(name,
        [
            new NamespaceSpec
            {
                Name = name + "-ns0",
                Labels = new Dictionary<string, string> { ["tenant"] = name },
                ServiceAccounts = ["viewer"],
                Roles = [new Role(null, $"tenant-{name}-viewer",
                    [new PolicyRule { Verbs = ["get"], ApiGroups = ["observability.io"], Resources = ["tenants/metrics"], ResourceNames = [name] }])],
                Bindings = [new RoleBinding { Name = $"tenant-{name}-viewer", RoleName = $"tenant-{name}-viewer", Subjects = [Subject.ServiceAccount(name + "-ns0", "viewer")] }],
            },
        ]);
    }
}
