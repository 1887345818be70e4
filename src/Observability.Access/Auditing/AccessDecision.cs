using System.Collections.Immutable;

namespace Observability.Access;

/// <summary>One allow or deny. Holds no token.</summary>
public sealed record AccessDecision
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Who; empty where nobody was authenticated.</summary>
    public string Username { get; init; } = "";

    public string UserUid { get; init; } = "";

    /// <summary>What was asked for: <c>authenticate</c>, <c>read metrics</c>, <c>read billing</c>, <c>collect</c>, <c>create snapshot</c>, <c>delete tenant data</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The tenant named in the request; empty: none.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The namespace named in the request; empty: none.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The node named in the request; empty: none.</summary>
    public string Node { get; init; } = "";

    public required string Outcome { get; init; }

    /// <summary>Which grants allowed it.</summary>
    public ImmutableArray<GrantReason> Grants { get; init; } = [];

    /// <summary>Why it was not allowed, for the operator.</summary>
    public string Detail { get; init; } = "";
}
