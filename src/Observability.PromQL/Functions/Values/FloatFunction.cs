using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions.Values;

/// <summary>A function of one float; histograms give nothing.</summary>
internal sealed class FloatFunction(Func<double, double> compute) : SampleFunction
{
    public override void Evaluate(FunctionCall call, Span<double> values)
    {
        foreach (ref double value in values)
        {
            if (!StepValue.IsAbsent(value))
                value = compute(value);
        }
    }

    public override StepValue Evaluate(FunctionCall call, double value, int step) => compute(value);
}
