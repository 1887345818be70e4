using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Buckets;

/// <summary><c>histogram_quantile</c></summary>
internal sealed class QuantileFunction : HistogramFunction
{
    protected override int VectorArgument => 1;

    protected override void CheckParameters(FunctionCall call) => WarnOfQuantile(call, 0);

    protected override void EvaluateNative(in Target target, FloatHistogram histogram)
    {
        target.Set(NativeQuantile.Quantile(target.Call.Scalar(0, target.Step), histogram, out NanEffect nan));
        InformOfNan(target, nan);
    }

    protected override void EvaluateClassic(in Target target, ClassicBuckets buckets)
    {
        target.Set(buckets.Quantile(target.Call.Scalar(0, target.Step)));
        InformOfFall(target, buckets);
    }
}
