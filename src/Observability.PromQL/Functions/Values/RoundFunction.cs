using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions.Values;

/// <summary><c>round</c>: to the nearest multiple, upwards from the middle.</summary>
internal sealed class RoundFunction : SampleFunction
{
    public override StepValue Evaluate(FunctionCall call, double value, int step)
    {
        // The inverse loses less than a division by the multiple.
        double inverse = 1 / (call.Expression.Arguments.Count > 1 ? call.Scalar(1, step) : 1);
        return Math.Floor(value * inverse + 0.5) / inverse;
    }
}
