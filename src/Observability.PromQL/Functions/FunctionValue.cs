using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions;

/// <summary>A float or a histogram.</summary>
/// <param name="Number">The float, where <paramref name="Histogram"/> is null.</param>
/// <param name="Histogram">The histogram.</param>
internal readonly record struct FunctionValue(double Number, FloatHistogram? Histogram)
{
    public static implicit operator FunctionValue(double number) => new(number, null);

    public static implicit operator FunctionValue(FloatHistogram histogram) => new(0, histogram);
}
