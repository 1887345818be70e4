using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Functions.Labels;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Buckets;

/// <summary><c>histogram_quantiles</c>: several quantiles, told apart by a label.</summary>
internal sealed class QuantilesFunction : HistogramFunction
{
    private const int FirstQuantile = 2;

    protected override int VectorArgument => 0;

    protected override void CheckParameters(FunctionCall call)
    {
        string label = Arguments.Text(call.Expression, 1);
        if (!LabelRules.IsValidName(label))
            throw new EvaluationException($"invalid label name in histogram_quantiles(): {label}");
        for (int argument = FirstQuantile; argument < call.Expression.Arguments.Count; argument++)
            WarnOfQuantile(call, argument);
    }

    protected override void EvaluateNative(in Target target, FloatHistogram histogram)
    {
        for (int argument = FirstQuantile; argument < target.Call.Expression.Arguments.Count; argument++)
        {
            double quantile = target.Call.Scalar(argument, target.Step);
            Set(target, quantile, NativeQuantile.Quantile(quantile, histogram, out NanEffect nan));
            InformOfNan(target, nan);
        }
    }

    protected override void EvaluateClassic(in Target target, ClassicBuckets buckets)
    {
        for (int argument = FirstQuantile; argument < target.Call.Expression.Arguments.Count; argument++)
        {
            double quantile = target.Call.Scalar(argument, target.Step);
            Set(target, quantile, buckets.Quantile(quantile));
            InformOfFall(target, buckets);
        }
    }

    private static void Set(in Target target, double quantile, double value) => target.Set(Arguments.Text(target.Call.Expression, 1), LabelOf(quantile), value);

    /// <summary>As in OpenMetrics: a whole number has a fraction of zero.</summary>
    private static string LabelOf(double quantile)
    {
        string text = HistogramText.Format(quantile);
        return double.IsFinite(quantile) && !text.Contains('.', StringComparison.Ordinal) && !text.Contains('e', StringComparison.Ordinal) ? text + ".0" : text;
    }
}
