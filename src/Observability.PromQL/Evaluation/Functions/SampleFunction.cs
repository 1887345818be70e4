using Observability.PromQL.Histograms;

namespace Observability.PromQL.Evaluation.Functions;

/// <summary>
/// A function of each sample by itself and of scalars (abs, clamp, round, histogram_count, hour …). Called from many threads. Where an
/// optional vector is left out (<c>hour()</c>), the engine gives the step's time as its one float, in seconds.
/// </summary>
internal abstract class SampleFunction : Function
{
    /// <summary>Evaluates all floats of one series in place.</summary>
    /// <param name="call">The call.</param>
    /// <param name="values">One a step; the stale marker stands for nothing (<see cref="StepValue.IsAbsent"/>) and stays.</param>
    public virtual void Evaluate(FunctionCall call, Span<double> values)
    {
        for (int step = 0; step < values.Length; step++)
        {
            if (!StepValue.IsAbsent(values[step]))
                values[step] = Evaluate(call, values[step], step).Float;
        }
    }

    /// <returns>A float or nothing.</returns>
    public abstract StepValue Evaluate(FunctionCall call, double value, int step);

    /// <summary>Of a histogram: most functions give nothing.</summary>
    public virtual StepValue Evaluate(FunctionCall call, FloatHistogram histogram, int step) => StepValue.Absent;
}
