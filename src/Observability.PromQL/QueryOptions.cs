namespace Observability.PromQL;

/// <summary>What one query asks for beyond its expression. Limits can only be made narrower than the engine's.</summary>
public sealed record QueryOptions
{
    public static QueryOptions Default { get; } = new();

    /// <summary>In place of <see cref="EngineOptions.LookbackDelta"/>.</summary>
    public TimeSpan? LookbackDelta { get; init; }

    /// <summary>Where shorter than <see cref="EngineOptions.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Where less than <see cref="EngineOptions.MaxSamples"/>.</summary>
    public long? MaxSamples { get; init; }
}
