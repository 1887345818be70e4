using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions.Values;

/// <summary><c>clamp</c>, <c>clamp_min</c>, <c>clamp_max</c>. Nothing lies between bounds that cross.</summary>
/// <param name="minArgument">Which argument is the lower bound; 0: none.</param>
/// <param name="maxArgument">Which argument is the upper bound; 0: none.</param>
internal sealed class ClampFunction(int minArgument, int maxArgument) : SampleFunction
{
    public override StepValue Evaluate(FunctionCall call, double value, int step)
    {
        double min = minArgument > 0 ? call.Scalar(minArgument, step) : double.NegativeInfinity;
        double max = maxArgument > 0 ? call.Scalar(maxArgument, step) : double.PositiveInfinity;
        return max < min ? StepValue.Absent : Math.Max(min, Math.Min(max, value));
    }
}
