using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Observability.Aggregator.ModelApi;
using Observability.Aggregator.ModelApi.Telemetry;
using Observability.Model;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.Tests.ModelApi;

/// <summary>A store with hand-made series, a directory and a clock. Times are seconds since <see cref="Start"/>.</summary>
internal sealed class Cluster : IDisposable
{
    /// <summary>On the grid of every resolution that divides an hour.</summary>
    internal static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    internal static readonly TenantUid Acme = TenantUid.Parse("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    internal static readonly TenantUid Globex = TenantUid.Parse("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");

    private static readonly (string Name, string Uid, TenantUid Tenant)[] Namespaces =
    [
        ("acme-web", "ns-1", Acme), ("acme-batch", "ns-2", Acme), ("globex-prod", "ns-3", Globex), ("kube-system", "ns-4", TenantUid.System),
    ];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<DirectoryPod> _pods = [];
    private readonly List<string> _nodes = [];

    internal Cluster(ModelOptions? options = null, double now = 0)
    {
        Clock = new FakeTimeProvider(Start.AddSeconds(now));
        Store = new MetricStore(new StoreOptions { MaxFuture = TimeSpan.FromHours(1) }, new VolatileJournal(), Clock);
        Objects = new ModelObjects(Store, Directory, Clock);
        View = new ModelView(Store, Objects, options ?? new ModelOptions(), Clock);
        Queries = new ModelQueries(View, Clock, _services.GetRequiredService<IMeterFactory>());
    }

    internal FakeTimeProvider Clock { get; }

    internal MetricStore Store { get; }

    internal ModelObjects Objects { get; }

    internal ModelView View { get; }

    internal ModelQueries Queries { get; }

    internal static TenantScope AcmeScope { get; } = new([TenantGrant.Whole(Acme, Rights.Metrics)]);

    internal static TenantScope OperatorScope { get; } =
        new([.. ((TenantUid[])[Acme, Globex, TenantUid.System, TenantUid.Unassigned]).Select(tenant => TenantGrant.Whole(tenant, Rights.Metrics))], isOperator: true);

    internal static TenantScope NamespaceScope(string name, double from = 0) =>
        new([new TenantGrant(Acme, [new NamespaceGrant(name, At(from))], Rights.Metrics)]);

    internal static long At(double seconds) => Start.ToUnixTimeMilliseconds() + (long)Math.Round(seconds * 1000);

    /// <summary>Points as seconds since the start and values, without the last digits of doubles.</summary>
    internal static (double, double)[] Relative(IEnumerable<Sample> points) => [.. points.Select(point => ((point.TimestampMs - At(0)) / 1000.0, Math.Round(point.Value, 9)))];

    internal static LabelSet PodRow(string name, string @namespace, string pod, params ReadOnlySpan<(string, string)> more) =>
        LabelSet.Of([("__name__", name), ("job", "kubelet"), ("metrics_path", "/metrics/cadvisor"), ("node", "n1"), ("namespace", @namespace), ("pod", pod), .. more]);

    internal static LabelSet ContainerRow(string name, string @namespace, string pod, string container, params ReadOnlySpan<(string, string)> more) =>
        PodRow(name, @namespace, pod, [("container", container), .. more]);

    internal static LabelSet SummaryRow(string name, params ReadOnlySpan<(string, string)> more) =>
        LabelSet.Of([("__name__", name), ("job", "kubelet"), ("metrics_path", "/stats/summary"), ("node", "n1"), .. more]);

    internal static LabelSet RootRow(string name, string node, params ReadOnlySpan<(string, string)> more) =>
        LabelSet.Of([("__name__", name), ("job", "kubelet"), ("metrics_path", "/metrics/cadvisor"), ("node", node), ("id", "/"), .. more]);

    internal static LabelSet SliceRow(string name, string node, string id) =>
        LabelSet.Of([("__name__", name), ("job", "kubelet"), ("metrics_path", "/metrics/cadvisor"), ("node", node), ("id", id)]);

    internal static LabelSet Watched(string name, string node, string resource, params ReadOnlySpan<(string, string)> more) =>
        LabelSet.Of([("__name__", name), ("job", "observability"), ("node", node), ("resource", resource), .. more]);

    /// <summary>Stores samples of one series; a value of <see cref="StaleMarker"/> ends it behind its last sample.</summary>
    internal async Task WriteAsync(TenantUid tenant, LabelSet labels, params (double Time, double Value)[] samples)
    {
        using WriteBatch batch = Store.BeginBatch();
        SeriesHandle series = Store.Resolve(tenant, labels);
        foreach ((double time, double value) in samples)
        {
            if (StaleMarker.Is(value))
                batch.AddStale(series);
            else
                batch.Add(series, At(time), value);
        }
        await batch.CommitAsync(CancellationToken.None);
    }

    /// <summary>Moves the clock to so many seconds behind the start.</summary>
    internal void MoveTo(double seconds) => Clock.SetUtcNow(Start.AddSeconds(seconds));

    internal void KnowPod(string @namespace, string pod, params ReadOnlySpan<string> containers)
    {
        (string _, string uid, TenantUid tenant) = Namespaces.Single(known => known.Name == @namespace);
        var resources = ImmutableArray.CreateBuilder<ContainerResources>();
        foreach (string container in containers)
            resources.Add(new ContainerResources { Name = container });
        var known = new PodObject { Uid = $"{@namespace}/{pod}", CgroupUid = pod, Namespace = @namespace, Name = pod, CreatedMs = 0, Containers = resources.ToImmutable() };
        _pods.Add(new DirectoryPod(known, uid, tenant, 0, null));
    }

    internal void KnowNode(string node) => _nodes.Add(node);

    internal IReadOnlyList<Sample>? Points(TenantScope scope, ObjectPath path, string metric, double from = 0, double to = 3600,
        IReadOnlyDictionary<string, string>? labels = null) =>
        View.Range(scope, path, metric, labels, new TimeRange(At(from), Math.Min(At(to), View.NowMs)), View.Budget(), CancellationToken.None)?.Points;

    public void Dispose()
    {
        Store.Dispose();
        _services.Dispose();
    }

    private DirectorySnapshot Directory() => new(
        1,
        true,
        true,
        new NamespaceTable(
            Namespaces.ToImmutableDictionary(known => known.Uid, known => new DirectoryNamespace(known.Name, known.Uid, known.Tenant, 0, true)),
            Namespaces.ToImmutableDictionary(known => known.Name, known => known.Uid),
            ImmutableDictionary<string, ImmutableArray<OwnershipEpoch>>.Empty),
        TenantTable.Empty.With([new Tenant(Globex, TenantName.Parse("globex")), new Tenant(Acme, TenantName.Parse("acme"))]),
        new NodeTable(_nodes.ToImmutableDictionary(node => node, node => new NodeObject { Name = node, Uid = node })),
        new PodTable(_pods.ToImmutableDictionary(pod => pod.Uid), ImmutableDictionary<string, NodePods>.Empty));
}
