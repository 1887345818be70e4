using Observability.Model;

namespace Observability.Access.Tests.Authorization;

[CancelAfter(30_000)]
public sealed class ScopeLeaseTests : IDisposable
{
    private const string Acme = "get tenants/metrics.observability.io acme@";
    private static readonly ScopeRequest Request = new() { Tenant = TenantName.Parse("acme") };
    private readonly AccessBench _bench = new(new AccessOptions { ReviewTimeout = TimeSpan.FromSeconds(4) });

    public void Dispose() => _bench.Dispose();

    [Test]
    public async Task A_right_that_stays_is_renewed_without_end(CancellationToken timeout)
    {
        await using ScopeLease lease = await StartAsync();

        for (int i = 0; i < 10; i++)
            _bench.Time.Advance(await NextPauseAsync(timeout));
        await NextPauseAsync(timeout);

        Assert.That(_bench.Api.TokenReviews, Is.EqualTo(11));
        Assert.That(lease.Revoked.IsCancellationRequested, Is.False);
        Assert.That(lease.Scope.Grants, Has.Length.EqualTo(1));
    }

    [TestCase("right")]
    [TestCase("token")]
    [TestCase("API server")]
    public async Task Whatever_is_revoked_ends_the_stream_within_ten_seconds(string what, CancellationToken timeout)
    {
        await using ScopeLease lease = await StartAsync();
        if (what == "right")
            _bench.Api.Revoke("ann", Acme);
        else if (what == "token")
            _bench.Api.Tokens.Clear();
        else
            _bench.Api.Broken = true;

        _bench.Time.Advance(TimeSpan.FromSeconds(10));

        await EndAsync(lease, timeout);
        Assert.That(lease.Scope.IsEmpty, Is.True);
    }

    [Test]
    public async Task An_API_server_that_hangs_ends_the_stream_within_ten_seconds(CancellationToken timeout)
    {
        await using ScopeLease lease = await StartAsync();
        _bench.Api.Gate = new TaskCompletionSource().Task;

        _bench.Time.Advance(TimeSpan.FromSeconds(10));

        await EndAsync(lease, timeout);
    }

    [Test]
    public async Task An_API_server_that_comes_back_in_time_costs_no_stream(CancellationToken timeout)
    {
        await using ScopeLease lease = await StartAsync();
        _bench.Api.Broken = true;
        _bench.Time.Advance(await NextPauseAsync(timeout));
        TimeSpan retry = await NextPauseAsync(timeout);
        _bench.Api.Broken = false;
        _bench.Time.Advance(retry);
        await NextPauseAsync(timeout);
        _bench.Time.Advance(TimeSpan.FromSeconds(4.5));

        Assert.That(retry, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(lease.Revoked.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task What_was_not_granted_cannot_be_gone_on_with()
    {
        _bench.Api.Know("t1", "eve");
        AuthenticationResult who = await _bench.AuthenticateAsync("t1");

        Assert.That(() => ScopeLease.Start(_bench.Authenticator, _bench.Authorizer, "t1", Audiences.Query, Request, who, ScopeResult.Denied, _bench.Time), Throws.ArgumentException);
    }

    private async Task<ScopeLease> StartAsync()
    {
        _bench.Api.Know("t1", "ann");
        _bench.Api.Allow("ann", Acme);
        AuthenticationResult who = await _bench.AuthenticateAsync("t1");
        ScopeResult granted = await _bench.Authorizer.ScopeAsync(who.Identity!, Request, CancellationToken.None);
        while (_bench.Time.Timers.Reader.TryRead(out _))
        {
        }

        return ScopeLease.Start(_bench.Authenticator, _bench.Authorizer, "t1", Audiences.Query, Request, who, granted, _bench.Time);
    }

    /// <summary>For how long the renewal waits next; of other timers, the deadline is longer and reviews are given 4 s.</summary>
    private async Task<TimeSpan> NextPauseAsync(CancellationToken timeout)
    {
        while (true)
        {
            TimeSpan dueTime = await _bench.Time.Timers.Reader.ReadAsync(timeout);
            if (dueTime <= TimeSpan.FromSeconds(5) && dueTime != _bench.Options.ReviewTimeout)
                return dueTime;
        }
    }

    private static async Task EndAsync(ScopeLease lease, CancellationToken timeout)
    {
        var ended = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = lease.Revoked.Register(ended.SetResult);
        await ended.Task.WaitAsync(timeout);
    }
}
