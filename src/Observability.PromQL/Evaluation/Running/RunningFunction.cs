using Observability.PromQL.Functions.Windows;

namespace Observability.PromQL.Evaluation.Running;

/// <summary>A function of windows of floats that walks over the samples once, instead of over each window.</summary>
internal abstract class RunningFunction
{
    /// <summary>Where there is one for this function; null elsewhere.</summary>
    public static RunningFunction? Of(string function) => function switch
    {
        "rate" => new RunningRate(isCounter: true, isRate: true),
        "increase" => new RunningRate(isCounter: true, isRate: false),
        "delta" => new RunningRate(isCounter: false, isRate: false),
        "sum_over_time" => new SlidingFunction<SumState>(),
        "avg_over_time" => new SlidingFunction<MeanState>(),
        "min_over_time" => new SlidingFunction<MinState>(),
        "max_over_time" => new SlidingFunction<MaxState>(),
        "stddev_over_time" => new SlidingFunction<DeviationState>(),
        "stdvar_over_time" => new SlidingFunction<VarianceState>(),
        _ => null,
    };

    /// <param name="windows">Where they lie.</param>
    /// <param name="times">Of all samples.</param>
    /// <param name="values">No stale markers.</param>
    /// <param name="into">One a step; holds stale markers, which stay where a step has no value.</param>
    /// <param name="notes">What has to be told.</param>
    /// <returns>Samples in all windows together.</returns>
    public abstract long Evaluate(RunningWindows windows, ReadOnlySpan<long> times, ReadOnlySpan<double> values, Span<double> into, ref WindowNotes notes);
}
