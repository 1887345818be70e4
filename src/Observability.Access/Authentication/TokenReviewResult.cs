using System.Collections.Immutable;

namespace Observability.Access;

/// <summary>The status of a TokenReview as the API server gave it; nothing in it counts unless <see cref="Authenticated"/> is true.</summary>
public sealed record TokenReviewResult
{
    /// <summary><c>status.authenticated</c>; absent is false.</summary>
    public required bool Authenticated { get; init; }

    public CallerIdentity? Identity { get; init; }

    /// <summary><c>status.audiences</c>: those of the asked ones that the token is for.</summary>
    public ImmutableArray<string> Audiences { get; init; } = [];

    /// <summary><c>status.error</c>. For logs, never for a caller.</summary>
    public string? Error { get; init; }
}
