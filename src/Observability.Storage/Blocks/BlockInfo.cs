using Observability.Model;

namespace Observability.Storage.Blocks;

/// <summary>What a published block holds.</summary>
/// <param name="Id">Name of its folder; unique in the partition, never used again.</param>
/// <param name="Range">The times that it was sealed for: no sample lies outside; ends inclusive.</param>
/// <param name="Series">Series with at least one sample.</param>
/// <param name="Samples">Samples of all series, stale markers included.</param>
/// <param name="IndexBytes">The index on disk.</param>
/// <param name="DataBytes">The data on disk.</param>
public sealed record BlockInfo(string Id, TimeRange Range, long Series, long Samples, long IndexBytes, long DataBytes)
{
    public long SizeBytes => IndexBytes + DataBytes;
}
