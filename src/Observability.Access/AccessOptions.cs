using System.ComponentModel.DataAnnotations;

namespace Observability.Access;

/// <summary>Settings of authentication and authorization.</summary>
public sealed class AccessOptions
{
    /// <summary>How long an answer of the API server is relied on, counted from when it was asked. At most 10 s: that is how fast revocation is. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan DecisionLifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for one review. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ReviewTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Tokens remembered at most. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxCachedTokens { get; set; } = 20_000;

    /// <summary>Access decisions remembered at most. Default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxCachedDecisions { get; set; } = 100_000;

    /// <summary>Token reviews under way at most. Default 32.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrentTokenReviews { get; set; } = 32;

    /// <summary>Token reviews that may wait for their turn; a further one is told at once that there is no answer. Default 256.</summary>
    [Range(0, 100_000)]
    public int MaxWaitingTokenReviews { get; set; } = 256;

    /// <summary>Access reviews under way at most. Default 64.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrentAccessReviews { get; set; } = 64;

    /// <summary>Access reviews that may wait for their turn; a further one is told at once that there is no answer. Default 4,096.</summary>
    [Range(0, 100_000)]
    public int MaxWaitingAccessReviews { get; set; } = 4_096;

    /// <summary>Access reviews that one request may need; one that needs more is asked to name a tenant or a namespace. Default 1,000.</summary>
    [Range(3, 100_000)]
    public int MaxReviewsPerRequest { get; set; } = 1_000;

    /// <summary>Access reviews of one request under way at most. Default 8.</summary>
    [Range(1, 64)]
    public int MaxParallelReviewsPerRequest { get; set; } = 8;
}
