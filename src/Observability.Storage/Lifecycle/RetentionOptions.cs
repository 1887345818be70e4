namespace Observability.Storage;

/// <summary>How much of each tenant is kept on disk. Each tenant's limit is its own: what one has costs no other.</summary>
public sealed class RetentionOptions
{
    /// <summary>Blocks all of whose samples are older go. Zero: none goes for its age. Default 15 days.</summary>
    public TimeSpan Time { get; set; } = TimeSpan.FromDays(15);

    /// <summary>The oldest blocks of a tenant go until the rest fits. 0: none goes for its size. Default 0.</summary>
    public long Bytes { get; set; }
}
