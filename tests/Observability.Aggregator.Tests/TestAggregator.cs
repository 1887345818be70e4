using System.Collections.Concurrent;
using System.Collections.Immutable;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Observability.Access;
using Observability.Kubernetes;
using Observability.Model;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.Tests;

/// <summary>
/// A real aggregator on free ports of loopback; only the API server is played. Node n1 runs acme's pod "web" and globex's "prod" runs on
/// n2; "host" is acme's pod in n1's network.
/// </summary>
internal sealed class TestAggregator : IAsyncDisposable, ITokenReviewer, IAccessReviewer, IClusterSync
{
    public const string Web = "11111111-0000-0000-0000-000000000001";
    public const string Host = "11111111-0000-0000-0000-000000000002";
    public const string Prod = "22222222-0000-0000-0000-000000000001";
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ConcurrentBag<GrpcChannel> _channels = [];

    private TestAggregator() => (AggregatorHost, Time) = (null!, new FakeTimeProvider(Start));

    public AggregatorHost AggregatorHost { get; private set; }

    public FakeTimeProvider Time { get; }

    public bool Down { get; set; }

    public TenantDirectory Directory => AggregatorHost.Services.GetRequiredService<TenantDirectory>();

    public MetricStore Store => AggregatorHost.Services.GetRequiredService<MetricStore>();

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    bool IClusterSync.IsSynced => true;

    TimeSpan IClusterSync.Lag => TimeSpan.Zero;

    IReadOnlyList<WatchStatus> IClusterSync.Watches => [];

    public static async Task<TestAggregator> StartAsync(
        IJournal? journal = null, TlsOptions? tls = null, TenancyOptions? tenancy = null, StoreSettings? store = null,
        QuerySettings? query = null, bool pods = true)
    {
        var test = new TestAggregator();
        var options = new AggregatorOptions
        {
            Listen = new() { Query = "127.0.0.1:0", Grpc = "127.0.0.1:0", Admin = "127.0.0.1:0", Ingest = "127.0.0.1:0" },
            Telemetry = new() { LogLevel = LogLevel.None },
            Tls = tls ?? new(),
            Tenancy = tenancy ?? new(),
            Query = query ?? new(),
            Store = store ?? new(),
        };
        if (store is null)
            journal ??= new VolatileJournal();
        test.AggregatorHost = AggregatorHost.Create(options, services => (journal is null ? services : services.AddSingleton(journal))
            .AddSingleton<TimeProvider>(test.Time).AddSingleton<ITokenReviewer>(test).AddSingleton<IAccessReviewer>(test).AddSingleton<IClusterSync>(test));
        test.Feed(pods);
        await test.AggregatorHost.StartAsync(CancellationToken.None);
        await test.AggregatorHost.Services.GetRequiredService<Aggregator.Maintenance.StoreState>().Served;
        return test;
    }

    public static PodObject Pod(string uid, string @namespace, string name, string node, bool hostNetwork = false) => new()
    {
        Uid = uid, CgroupUid = uid, Namespace = @namespace, Name = name, Node = node, HostNetwork = hostNetwork, Phase = PodPhase.Running,
        CreatedMs = Start.AddHours(-1).ToUnixTimeMilliseconds(), ResourceVersion = 5,
        Containers = [new ContainerResources { Name = "main", CpuRequestMillicores = 250 }, new ContainerResources { Name = "setup", Kind = ContainerKind.Init, CpuRequestMillicores = 900 }],
    };

    public static NamespaceObject Namespace(string name, string tenant, ulong version = 5) => new()
    {
        Name = name, Uid = "ns-" + name, CreatedMs = Start.AddHours(-2).ToUnixTimeMilliseconds(), ResourceVersion = version,
        Labels = new Dictionary<string, string> { ["tenant"] = tenant },
    };

    public Protocol.V1.IngestService.IngestServiceClient Ingest() => new(Channel(AggregatorHost.Endpoints.Ingest));

    public GrpcChannel Channel(Uri address)
    {
        GrpcChannel channel = GrpcChannel.ForAddress(address);
        _channels.Add(channel);
        return channel;
    }

    public async Task<(int Status, string Head, string Body)> GetAsync(Uri listener, string target, string? token, params (string, string)[] headers)
    {
        // Spelt out on a socket: a client library would clean the path first.
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(listener.Host, listener.Port);
        var request = new System.Text.StringBuilder($"GET {target} HTTP/1.1\r\nHost: {listener.Authority}\r\nConnection: close\r\n");
        if (token is not null)
            request.Append("Authorization: Bearer ").Append(token).Append("\r\n");
        foreach ((string name, string value) in headers)
            request.Append(name).Append(": ").Append(value).Append("\r\n");
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(request.Append("\r\n").ToString()));
        using var reader = new StreamReader(client.GetStream());
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string[] answer = (await reader.ReadToEndAsync(timeout.Token)).Split("\r\n\r\n", 2);
        string head = string.Join('\n', answer[0].Split("\r\n").Where(line => !line.StartsWith("Date:", StringComparison.Ordinal)));
        return (int.Parse(answer[0].AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), head, answer.Length > 1 ? answer[1] : "");
    }

    public IReadOnlyList<SelectedSeries> Stored(string name) => Store.Select(
        new TenantScope([.. Directory.Current.Tenants.Select(tenant => tenant.Uid).Append(TenantUid.System).Append(TenantUid.Unassigned)
            .Select(uid => TenantGrant.Whole(uid, Rights.Metrics))], isOperator: true),
        [Matcher.Equal("__name__", name)], TimeRange.All, CancellationToken.None);

    public string TenantOf(string pod) => Directory.Current.TryGetPod(pod, out DirectoryPod? found) ? found.Tenant.ToString() : "";

    public async Task<string> MetricsAsync() => (await GetAsync(AggregatorHost.Endpoints.Admin, "/metrics", null)).Body;

    Task<TokenReviewResult> ITokenReviewer.ReviewAsync(string token, string audience, CancellationToken cancellationToken)
    {
        if (Down)
            throw new IOException("down");
        string[] parts = token.Split('.'); // audience.user[.node]
        if ((parts[0] == "q" ? Audiences.Query : parts[0] == "i" ? Audiences.Ingest : "") != audience)
            return Task.FromResult(new TokenReviewResult { Authenticated = false });
        var extra = new Dictionary<string, ImmutableArray<string>>();
        if (parts.Length > 2)
            extra["authentication.kubernetes.io/node-name"] = [parts[2]];
        return Task.FromResult(new TokenReviewResult
        {
            Authenticated = true, Audiences = [audience], Identity = new CallerIdentity { Username = parts[1], Extra = extra },
        });
    }

    Task<AccessReviewResult> IAccessReviewer.ReviewAsync(CallerIdentity caller, AccessAttributes attributes, CancellationToken cancellationToken)
    {
        bool allowed = attributes is { Resource: "tenants", Subresource: "metrics" } && attributes.Name == caller.Username;
        allowed |= caller.Username == "operator" && attributes is { Verb: "get", Resource: "tenants" };
        allowed |= caller.Username == "keeper" &&
            attributes is { Verb: "create", Resource: "snapshots" } or { Verb: "delete", Resource: "tenants", Subresource: "data" };
        allowed |= caller.Username == "agent" && attributes is { Verb: "create", Resource: "samples" };
        return Task.FromResult(new AccessReviewResult(allowed, "test"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GrpcChannel channel in _channels)
            channel.Dispose();
        Http.Dispose();
        await AggregatorHost.DisposeAsync();
    }

    private void Feed(bool pods)
    {
        Directory.ReplacePods(!pods ? [] : [Pod(Web, "acme-web", "web", "n1"), Pod(Host, "acme-web", "host", "n1", hostNetwork: true), Pod(Prod, "globex-prod", "prod", "n2")], 6);
        Directory.ReplaceNamespaces([Namespace("acme-web", "acme"), Namespace("globex-prod", "globex")], 10);
        Directory.ReplaceNodes([new NodeObject { Name = "n1", Uid = "u1", Capacity = new(4000, 1 << 30, null, 110) }, new NodeObject { Name = "n2", Uid = "u2" }], 10);
    }
}
