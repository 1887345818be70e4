using Observability.PromQL.Histograms;

namespace Observability.PromQL.Evaluation;

internal static class SampleSize
{
    /// <summary>As how many samples a histogram counts: one for each 16 bytes, as in Prometheus.</summary>
    public static int Of(FloatHistogram histogram) => (histogram.SizeBytes + 8) / 16;
}
