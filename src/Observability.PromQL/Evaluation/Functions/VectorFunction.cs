namespace Observability.PromQL.Evaluation.Functions;

/// <summary>A function of a whole vector: sort, sort_by_label, histogram_quantile, histogram_fraction and the like.</summary>
internal abstract class VectorFunction : Function
{
    /// <param name="call">The call.</param>
    /// <param name="series">All series of its vector argument, with values at all steps. In an instant query the list's order is the vector's.</param>
    /// <returns>The result; columns of the argument may be given back, or changed in place and given back.</returns>
    public abstract List<StepSeries> Evaluate(FunctionCall call, List<StepSeries> series);
}
