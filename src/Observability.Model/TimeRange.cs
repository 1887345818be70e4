namespace Observability.Model;

/// <summary>A range of time, both ends inclusive, in milliseconds since the Unix epoch. Empty when it ends before it starts.</summary>
public readonly record struct TimeRange(long FromMs, long ToMs)
{
    public static TimeRange All { get; } = new(long.MinValue, long.MaxValue);

    public bool IsEmpty => ToMs < FromMs;

    public bool Contains(long timestampMs) => timestampMs >= FromMs && timestampMs <= ToMs;

    public TimeRange Intersect(TimeRange other) => new(Math.Max(FromMs, other.FromMs), Math.Min(ToMs, other.ToMs));
}
