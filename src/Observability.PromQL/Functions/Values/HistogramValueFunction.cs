using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Values;

/// <summary>A float read off one histogram; floats give nothing.</summary>
internal sealed class HistogramValueFunction(Func<FloatHistogram, double> compute) : SampleFunction
{
    public override void Evaluate(FunctionCall call, Span<double> values) => values.Fill(StepValue.Absent.Float);

    public override StepValue Evaluate(FunctionCall call, double value, int step) => StepValue.Absent;

    public override StepValue Evaluate(FunctionCall call, FloatHistogram histogram, int step) => compute(histogram);
}
