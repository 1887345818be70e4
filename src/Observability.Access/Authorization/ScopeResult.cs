using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Access;

/// <summary>What became of a request for a scope.</summary>
public sealed class ScopeResult
{
    private ScopeResult(AccessOutcome outcome, TenantScope scope, ImmutableArray<GrantReason> grants, string? problem, long validUntil)
    {
        Outcome = outcome;
        Scope = scope;
        Grants = grants;
        Problem = problem;
        ValidUntil = validUntil;
    }

    /// <summary>Says nothing: whatever the cause, a refusal looks the same.</summary>
    public static ScopeResult Denied { get; } = new(AccessOutcome.Denied, TenantScope.Empty, [], null, 0);

    public AccessOutcome Outcome { get; }

    public bool IsGranted => Outcome == AccessOutcome.Granted;

    /// <summary>Empty unless granted.</summary>
    public TenantScope Scope { get; }

    /// <summary>Which reviews granted it.</summary>
    public ImmutableArray<GrantReason> Grants { get; }

    /// <summary>Why there is no answer, fit for the caller; null otherwise.</summary>
    public string? Problem { get; }

    /// <summary>Until when this may be relied on, on <see cref="TimeProvider.GetTimestamp"/>'s scale.</summary>
    internal long ValidUntil { get; }

    internal static ScopeResult Granted(TenantScope scope, ImmutableArray<GrantReason> grants, long validUntil) =>
        new(AccessOutcome.Granted, scope, grants, null, validUntil);

    internal static ScopeResult Unavailable(string problem) => new(AccessOutcome.Unavailable, TenantScope.Empty, [], problem, 0);
}
