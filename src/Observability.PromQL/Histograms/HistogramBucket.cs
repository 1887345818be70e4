namespace Observability.PromQL.Histograms;

/// <summary>One bucket of a histogram with its bounds.</summary>
/// <param name="Lower">Can be negative infinity (custom buckets).</param>
/// <param name="Upper">Can be positive infinity.</param>
/// <param name="LowerInclusive">An observation of exactly <paramref name="Lower"/> counts here.</param>
/// <param name="UpperInclusive">An observation of exactly <paramref name="Upper"/> counts here.</param>
/// <param name="Count">Observations; a fraction after arithmetic, negative after a subtraction.</param>
/// <param name="Kind">Which part of the histogram it belongs to.</param>
public readonly record struct HistogramBucket(
    double Lower, double Upper, bool LowerInclusive, bool UpperInclusive, double Count, HistogramBucketKind Kind)
{
    /// <summary>As in Prometheus: <c>(1,2]:4</c>.</summary>
    public override string ToString() =>
        $"{(LowerInclusive ? '[' : '(')}{HistogramText.Format(Lower)},{HistogramText.Format(Upper)}{(UpperInclusive ? ']' : ')')}:{HistogramText.Format(Count)}";
}
