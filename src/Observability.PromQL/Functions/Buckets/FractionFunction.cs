using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Buckets;

/// <summary><c>histogram_fraction</c></summary>
internal sealed class FractionFunction : HistogramFunction
{
    protected override int VectorArgument => 2;

    protected override void CheckParameters(FunctionCall call)
    {
        // Any bounds make sense: those that cross have nothing between them.
    }

    protected override void EvaluateNative(in Target target, FloatHistogram histogram)
    {
        target.Set(NativeQuantile.Fraction(target.Call.Scalar(0, target.Step), target.Call.Scalar(1, target.Step), histogram, out NanEffect nan));
        InformOfNan(target, nan);
    }

    protected override void EvaluateClassic(in Target target, ClassicBuckets buckets) =>
        target.Set(buckets.Fraction(target.Call.Scalar(0, target.Step), target.Call.Scalar(1, target.Step)));
}
