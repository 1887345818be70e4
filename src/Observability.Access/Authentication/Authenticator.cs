using System.Diagnostics.Metrics;

namespace Observability.Access;

/// <summary>
/// Finds out who a token's holder is, by the API server's review for one audience. Answers, good and bad, are remembered for at most 10 s
/// and a good one never beyond the token's own end; where the API server has no answer there is none here.
/// </summary>
public sealed class Authenticator : IDisposable
{
    private const string Action = "authenticate";
    private readonly ITokenReviewer _reviewer;
    private readonly AccessOptions _options;
    private readonly IAccessLog _log;
    private readonly TimeProvider _time;
    private readonly AccessMetrics _metrics;
    private readonly ReviewGate _gate;
    private readonly DecisionCache<Review> _cache;

    public Authenticator(ITokenReviewer reviewer, AccessOptions options, IAccessLog log, TimeProvider time, IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(options);
        _reviewer = reviewer;
        _options = options;
        _log = log;
        _time = time;
        _metrics = new AccessMetrics(meters, "Authentication");
        _gate = new ReviewGate(options.MaxConcurrentTokenReviews, options.MaxWaitingTokenReviews);
        _cache = new DecisionCache<Review>("token", options.MaxCachedTokens, _gate, options, _metrics, time);
    }

    internal int CachedTokens => _cache.Count;

    /// <param name="token">The bearer token, as <see cref="BearerToken.TryRead"/> gives it.</param>
    /// <param name="audience">The audience that it must be for: one of <see cref="Audiences"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<AuthenticationResult> AuthenticateAsync(string token, string audience, CancellationToken cancellationToken) =>
        AuthenticateAsync(token, audience, _options.DecisionLifetime, cancellationToken);

    /// <summary>The same, with an answer no older than asked.</summary>
    internal async Task<AuthenticationResult> AuthenticateAsync(
        string token, string audience, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(audience);
        if (!BearerToken.IsToken(token))
            return Rejected("no token");
        CacheKey key;
        using (var builder = new CacheKeyBuilder())
            key = builder.Add(audience).Add(token).ToKey();
        Decision<Review> decision = await _cache.GetAsync(
            key, maxAge, stop => ReviewAsync(token, audience, stop), review => review.ExpiresAt, cancellationToken);
        if (decision.Answer is not { } answer)
        {
            Record("unavailable", "no answer from the API server");
            return AuthenticationResult.Unavailable;
        }

        if (answer.Identity is null || answer.ExpiresAt <= _time.GetUtcNow())
            return Rejected(answer.Problem);
        _metrics.Decided(Action, "authenticated");
        return AuthenticationResult.Authenticated(answer.Identity, decision.ValidUntil);
    }

    public void Dispose()
    {
        _cache.Dispose();
        _gate.Dispose();
        _metrics.Dispose();
    }

    private async Task<Review> ReviewAsync(string token, string audience, CancellationToken stop)
    {
        TokenReviewResult result = await _reviewer.ReviewAsync(token, audience, stop)
            ?? throw new InvalidOperationException("A token review brought no status.");
        // Nothing else in a status means anything before this is asked.
        if (!result.Authenticated)
            return new Review(null, null, "not authenticated");
        // A server that does not know of audiences, or another one's token, would list none or others.
        if (result.Audiences.IsDefault || !result.Audiences.Contains(audience, StringComparer.Ordinal))
            return new Review(null, null, "for another audience");
        if (result.Identity is not { Username.Length: > 0 } identity)
            return new Review(null, null, "without a name");
        return new Review(identity, TokenExpiry.Read(token), "expired");
    }

    private AuthenticationResult Rejected(string detail)
    {
        Record("rejected", detail);
        return AuthenticationResult.Rejected;
    }

    private void Record(string outcome, string detail)
    {
        _metrics.Decided(Action, outcome);
        _log.Record(new AccessDecision { At = _time.GetUtcNow(), Action = Action, Outcome = outcome, Detail = detail });
    }

    /// <param name="Identity">The caller; null: none.</param>
    /// <param name="ExpiresAt">The token's own end.</param>
    /// <param name="Problem">Why it is rejected, if it is.</param>
    private sealed record Review(CallerIdentity? Identity, DateTimeOffset? ExpiresAt, string Problem);
}
