namespace Observability.PromQL.Histograms;

/// <summary>What an addition or subtraction of histograms gave, and what has to be told about it.</summary>
/// <param name="Histogram">The result, not compacted.</param>
/// <param name="CounterResetCollision">One side said that its counter restarted, the other that it did not.</param>
/// <param name="BoundsReconciled">The custom bounds differed; those that both have were kept.</param>
public readonly record struct HistogramSum(FloatHistogram Histogram, bool CounterResetCollision, bool BoundsReconciled);
