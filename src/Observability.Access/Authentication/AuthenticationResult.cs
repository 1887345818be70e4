using System.Diagnostics.CodeAnalysis;

namespace Observability.Access;

/// <summary>What became of a token.</summary>
public sealed class AuthenticationResult
{
    private AuthenticationResult(AuthenticationOutcome outcome, CallerIdentity? identity, long validUntil)
    {
        Outcome = outcome;
        Identity = identity;
        ValidUntil = validUntil;
    }

    public static AuthenticationResult Rejected { get; } = new(AuthenticationOutcome.Rejected, null, 0);

    public static AuthenticationResult Unavailable { get; } = new(AuthenticationOutcome.Unavailable, null, 0);

    public AuthenticationOutcome Outcome { get; }

    /// <summary>The caller; null unless authenticated.</summary>
    public CallerIdentity? Identity { get; }

    [MemberNotNullWhen(true, nameof(Identity))]
    public bool IsAuthenticated => Identity is not null;

    /// <summary>Until when this may be relied on, on <see cref="TimeProvider.GetTimestamp"/>'s scale.</summary>
    internal long ValidUntil { get; }

    internal static AuthenticationResult Authenticated(CallerIdentity identity, long validUntil) =>
        new(AuthenticationOutcome.Authenticated, identity, validUntil);
}
