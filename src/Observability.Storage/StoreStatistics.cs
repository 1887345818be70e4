namespace Observability.Storage;

/// <summary>How much a scope opens, counted from nothing else.</summary>
/// <param name="Series">Series with samples in what the scope opens.</param>
/// <param name="Samples">Their samples, stale markers included.</param>
/// <param name="Chunks">
/// Chunks of the partitions that the scope opens whole; a grant limited to namespaces adds none, since where a chunk ends also tells
/// of samples before the grant.
/// </param>
/// <param name="SizeBytes">Bytes in those chunks.</param>
/// <param name="TopLabels">The label names with the most distinct values, at most 10, most values first, then by name.</param>
/// <param name="Writes">What became of the samples written to the partitions that the scope opens whole.</param>
/// <param name="SeriesRefused">New series that a limit refused in those partitions, since the store began.</param>
public sealed record StoreStatistics(long Series, long Samples, long Chunks, long SizeBytes, IReadOnlyList<LabelCardinality> TopLabels, StoreWrites Writes, long SeriesRefused = 0);

/// <summary>A label name and how many distinct values it has.</summary>
public readonly record struct LabelCardinality(string Name, int Values);
