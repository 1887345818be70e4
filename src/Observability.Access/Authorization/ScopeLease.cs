using Observability.Model;

namespace Observability.Access;

/// <summary>
/// A scope for a stream that lives on. Token and rights are reviewed again before the answers that opened it are too old; what is not
/// confirmed by then is gone. So a revoked right ends the stream within 10 s, also when the API server has no answer.
/// </summary>
public sealed class ScopeLease : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Authenticator _authenticator;
    private readonly Authorizer _authorizer;
    private readonly string _token;
    private readonly string _audience;
    private readonly ScopeRequest _request;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _revoked = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _deadline;
    private readonly Task _renewing;
    private TenantScope _scope;

    private ScopeLease(
        Authenticator authenticator, Authorizer authorizer, string token, string audience, ScopeRequest request,
        AuthenticationResult authenticated, ScopeResult granted, TimeProvider time)
    {
        _authenticator = authenticator;
        _authorizer = authorizer;
        _token = token;
        _audience = audience;
        _request = request;
        _time = time;
        _scope = granted.Scope;
        Revoked = _revoked.Token;
        long validUntil = Math.Min(authenticated.ValidUntil, granted.ValidUntil);
        _deadline = time.CreateTimer(_ => Revoke(), null, Left(validUntil), Timeout.InfiniteTimeSpan);
        _renewing = RenewAsync(authenticated.Identity!, validUntil); // Start refuses what is not authenticated
    }

    /// <summary>What may be read now; can shrink and grow, so take it anew for every read. Empty once it is revoked.</summary>
    public TenantScope Scope => Volatile.Read(ref _scope);

    /// <summary>Cancelled when the scope is gone.</summary>
    public CancellationToken Revoked { get; }

    /// <summary>Goes on from the answers that a stream was opened with; the token is kept for the renewals, and for nothing else.</summary>
    /// <exception cref="ArgumentException">The stream was not to be opened.</exception>
    public static ScopeLease Start(
        Authenticator authenticator, Authorizer authorizer, string token, string audience, ScopeRequest request,
        AuthenticationResult authenticated, ScopeResult granted, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(authenticated);
        ArgumentNullException.ThrowIfNull(granted);
        if (!authenticated.IsAuthenticated || !granted.IsGranted)
            throw new ArgumentException("There is nothing granted to go on from.", nameof(granted));
        return new ScopeLease(authenticator, authorizer, token, audience, request, authenticated, granted, time);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _deadline.DisposeAsync();
        await _renewing;
        _stop.Dispose();
        _revoked.Dispose();
    }

    private async Task RenewAsync(CallerIdentity caller, long validUntil)
    {
        TimeSpan lead = _authorizer.Options.DecisionLifetime / 2;
        TimeSpan maxAge = _authorizer.Options.DecisionLifetime / 4;
        TimeSpan wait = Longer(Left(validUntil) - lead, Pause);
        try
        {
            while (!Revoked.IsCancellationRequested)
            {
                await Task.Delay(wait, _time, _stop.Token);
                (ScopeResult result, CallerIdentity now, long until) = await AskAsync(caller, maxAge);
                caller = now;
                switch (result.Outcome)
                {
                    case AccessOutcome.Granted:
                        _deadline.Change(Left(until), Timeout.InfiniteTimeSpan);
                        // The deadline may have passed while the answer was on its way: then it stays gone.
                        if (!Revoked.IsCancellationRequested)
                            Volatile.Write(ref _scope, result.Scope);
                        wait = Longer(Left(until) - lead, Pause);
                        break;
                    case AccessOutcome.Denied:
                        _authorizer.Record(caller, _request, result, "keep reading");
                        Revoke();
                        return;
                    default:
                        wait = Pause;
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception)
        {
            // A fault in the renewal must not leave a scope that nobody renews.
            Revoke();
            throw;
        }
    }

    private async Task<(ScopeResult Result, CallerIdentity Caller, long ValidUntil)> AskAsync(CallerIdentity caller, TimeSpan maxAge)
    {
        AuthenticationResult who = await _authenticator.AuthenticateAsync(_token, _audience, maxAge, _stop.Token);
        if (who.Outcome == AuthenticationOutcome.Rejected)
            return (ScopeResult.Denied, caller, 0);
        if (!who.IsAuthenticated)
            return (ScopeResult.Unavailable(""), caller, 0);
        ScopeResult result = await _authorizer.ResolveAsync(who.Identity, _request, maxAge, _stop.Token);
        return (result, who.Identity, Math.Min(who.ValidUntil, result.ValidUntil));
    }

    private void Revoke()
    {
        Volatile.Write(ref _scope, TenantScope.Empty);
        _revoked.Cancel();
    }

    private TimeSpan Left(long validUntil)
    {
        long now = _time.GetTimestamp();
        return validUntil <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, validUntil);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
