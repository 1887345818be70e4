namespace Observability.Model;

/// <summary>One observation of a series.</summary>
/// <param name="TimestampMs">Milliseconds since the Unix epoch, UTC.</param>
/// <param name="Value">Any double; <see cref="StaleMarker"/> says that the series ended.</param>
public readonly record struct Sample(long TimestampMs, double Value);
