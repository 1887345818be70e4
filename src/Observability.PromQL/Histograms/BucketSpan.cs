namespace Observability.PromQL.Histograms;

/// <summary>A run of neighbouring buckets, as histograms are written on the wire.</summary>
/// <param name="Offset">Of the first span: the index of its first bucket. Of the others: the gap behind the span before.</param>
/// <param name="Length">Buckets in the run.</param>
public readonly record struct BucketSpan(int Offset, int Length);
