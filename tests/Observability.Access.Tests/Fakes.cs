using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using Observability.Tenancy;

namespace Observability.Access.Tests;

internal sealed class TestMeters : IMeterFactory
{
    private readonly ConcurrentBag<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        foreach (Meter meter in _meters)
            meter.Dispose();
    }
}

internal sealed class RememberingLog : IAccessLog
{
    public ConcurrentQueue<AccessDecision> Decisions { get; } = [];

    public void Record(AccessDecision decision) => Decisions.Enqueue(decision);
}

/// <summary>An API server whose tokens and rights a test sets; counts what it is asked.</summary>
internal sealed class FakeApiServer : ITokenReviewer, IAccessReviewer
{
    private int _tokenReviews;
    private int _running;
    private int _mostRunning;

    public ConcurrentDictionary<string, TokenReviewResult> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>user, verb, resource, name, namespace; a star stands for every name.</summary>
    public ConcurrentDictionary<(string User, string What), bool> Rights { get; } = [];

    public ConcurrentQueue<AccessAttributes> Asked { get; } = [];

    public int TokenReviews => _tokenReviews;

    public int MostRunning => _mostRunning;

    public bool Broken { get; set; }

    /// <summary>Reviews wait for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static string Describe(AccessAttributes attributes) =>
        $"{attributes.Verb} {attributes.Resource}{(attributes.Subresource.Length == 0 ? "" : "/" + attributes.Subresource)}.{attributes.Group} {attributes.Name}@{attributes.Namespace}";

    public void Allow(string user, string what) => Rights[(user, what)] = true;

    public void Revoke(string user, string what) => Rights.TryRemove((user, what), out _);

    public void Know(string token, string user, string audience = Audiences.Query, string? node = null) => Tokens[token] = new TokenReviewResult
    {
        Authenticated = true,
        Identity = Caller(user, node),
        Audiences = [audience],
    };

    public static CallerIdentity Caller(string user, string? node = null) => new()
    {
        Username = user,
        Uid = "uid-" + user,
        Extra = node is null
            ? ImmutableDictionary<string, ImmutableArray<string>>.Empty
            : ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("authentication.kubernetes.io/node-name", [node]),
    };

    async Task<TokenReviewResult> ITokenReviewer.ReviewAsync(string token, string audience, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _tokenReviews);
        await EnterAsync(cancellationToken);
        return Tokens.TryGetValue(token, out TokenReviewResult? result) ? result : new TokenReviewResult { Authenticated = false, Error = "no" };
    }

    async Task<AccessReviewResult> IAccessReviewer.ReviewAsync(CallerIdentity caller, AccessAttributes attributes, CancellationToken cancellationToken)
    {
        Asked.Enqueue(attributes);
        await EnterAsync(cancellationToken);
        string what = Describe(attributes);
        return Rights.ContainsKey((caller.Username, what)) ? new(true, "RBAC: allowed " + what) : new(false, "");
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        int running = Interlocked.Increment(ref _running);
        InterlockedMax(ref _mostRunning, running);
        try
        {
            await Gate.WaitAsync(cancellationToken);
            if (Broken)
                throw new IOException("the API server is away");
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static void InterlockedMax(ref int place, int value)
    {
        int seen = Volatile.Read(ref place);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref place, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}

/// <summary>A clock moved by hand that tells for how long each new timer is set.</summary>
internal sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    public Channel<TimeSpan> Timers { get; } = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        Timers.Writer.TryWrite(dueTime);
        return timer;
    }
}

/// <summary>acme has acme-web and acme-batch, globex has globex-prod; stray has no owner.</summary>
internal sealed class AccessBench : IDisposable
{
    private readonly TestMeters _meters = new();

    public AccessBench(AccessOptions? options = null)
    {
        Options = options ?? new AccessOptions();
        Directory = new TenantDirectory(
            new TenancyOptions(), [new NamespaceLabelProvider("tenant", NullLogger<NamespaceLabelProvider>.Instance)], Time, _meters,
            NullLogger<TenantDirectory>.Instance);
        Directory.ReplaceNamespaces(
        [
            Namespace("acme-web", "u1", "acme"), Namespace("acme-batch", "u2", "acme"), Namespace("globex-prod", "u3", "globex"),
            Namespace("stray", "u4", null), Namespace("kube-system", "u5", null),
        ], 10);
        Authenticator = new Authenticator(Api, Options, Log, Time, _meters);
        Authorizer = new Authorizer(() => Directory.Current, Api, Options, Log, Time, _meters);
    }

    public static long CreatedMs { get; } = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public AccessOptions Options { get; }

    public WatchedTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public FakeApiServer Api { get; } = new();

    public RememberingLog Log { get; } = new();

    public TenantDirectory Directory { get; }

    public Authenticator Authenticator { get; }

    public Authorizer Authorizer { get; }

    public static NamespaceObject Namespace(string name, string uid, string? tenant, ulong rv = 1, long? createdMs = null) => new()
    {
        Name = name,
        Uid = uid,
        Labels = tenant is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["tenant"] = tenant },
        CreatedMs = createdMs ?? CreatedMs,
        ResourceVersion = rv,
    };

    public TenantUid Tenant(string name) => Directory.Current.TryGetTenant(TenantName.Parse(name), out Tenant? tenant) ? tenant.Uid : default;

    public Task<ScopeResult> ScopeAsync(string user, string? tenant = null, string? ns = null, Rights right = Rights.Metrics, bool live = false) =>
        Authorizer.ScopeAsync(
            FakeApiServer.Caller(user),
            new ScopeRequest { Tenant = tenant is null ? null : TenantName.Parse(tenant), Namespace = ns, Right = right, LiveMetrics = live },
            CancellationToken.None);

    public Task<AuthenticationResult> AuthenticateAsync(string token, string audience = Audiences.Query) =>
        Authenticator.AuthenticateAsync(token, audience, CancellationToken.None);

    public void Dispose()
    {
        Authenticator.Dispose();
        Authorizer.Dispose();
        Directory.Dispose();
        _meters.Dispose();
    }
}
