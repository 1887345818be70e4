using Observability.PromQL.Histograms;

namespace Observability.Conformance.Language;

/// <summary>One place of a sequence: nothing, a number or a histogram.</summary>
/// <param name="IsOmitted">Nothing.</param>
/// <param name="Value">The number.</param>
/// <param name="Histogram">Where it is one.</param>
/// <param name="SaysHint">The histogram was written with its hint: only then is that compared.</param>
internal readonly record struct DescribedValue(bool IsOmitted, double Value, FloatHistogram? Histogram, bool SaysHint = false)
{
    public static DescribedValue None { get; } = new(true, 0, null);

    public static DescribedValue Of(double value) => new(false, value, null);

    public static DescribedValue Of(FloatHistogram histogram, bool saysHint) => new(false, 0, histogram, saysHint);
}
