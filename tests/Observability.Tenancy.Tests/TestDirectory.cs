using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;

namespace Observability.Tenancy.Tests;

/// <summary>A directory with a clock that is moved by hand, whose namespaces are labelled <c>tenant</c>.</summary>
internal sealed class TestDirectory : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TestMeters _meters = new();

    public TestDirectory(TenancyOptions? options = null, IEnumerable<ITenantProvider>? providers = null, INamespaceConfirmer? confirmer = null)
    {
        Directory = new TenantDirectory(
            options ?? new TenancyOptions(),
            providers ?? [new NamespaceLabelProvider("tenant", NullLogger<NamespaceLabelProvider>.Instance)],
            Time, _meters, NullLogger<TenantDirectory>.Instance, confirmer);
    }

    public FakeTimeProvider Time { get; } = new(Start);

    public TenantDirectory Directory { get; }

    public DirectorySnapshot Now => Directory.Current;

    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static long At(int second) => Start.ToUnixTimeMilliseconds() + (second * 1000L);

    public static NamespaceObject Namespace(string name, string uid, string? tenant, ulong rv = 1, int createdAt = 0) => new()
    {
        Name = name,
        Uid = uid,
        Labels = tenant is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["tenant"] = tenant },
        CreatedMs = At(createdAt),
        ResourceVersion = rv,
    };

    public static PodObject Pod(string uid, string ns, ulong rv = 1, int createdAt = 0, string node = "n1", string? name = null, string? cgroupUid = null) => new()
    {
        Uid = uid,
        CgroupUid = cgroupUid ?? uid,
        Namespace = ns,
        Name = name ?? uid,
        Node = node,
        CreatedMs = At(createdAt),
        ResourceVersion = rv,
    };

    public TenantUid Tenant(string name) => Now.TryGetTenant(TenantName.Parse(name), out Tenant? tenant) ? tenant.Uid : default;

    public TenantUid? OwnerOf(string podUid) => Now.TryGetPod(podUid, out DirectoryPod? pod) ? pod.Tenant : null;

    public void Dispose()
    {
        Directory.Dispose();
        _meters.Dispose();
    }
}

internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
