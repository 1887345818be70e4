using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Values;

/// <summary>A mean that keeps low bits, and that does not overflow where the sum would.</summary>
internal static class FloatMean
{
    /// <param name="values">One or more.</param>
    public static double Of(ReadOnlySpan<double> values)
    {
        var sum = new CompensatedSum(values[0]);
        for (int i = 1; i < values.Length; i++)
        {
            CompensatedSum next = sum;
            next.Add(values[i]);
            if (double.IsInfinity(next.High))
                return Incremental(sum, values, i);
            sum = next;
        }
        return sum.High / values.Length + sum.Low / values.Length;
    }

    private static double Incremental(CompensatedSum sum, ReadOnlySpan<double> values, int from)
    {
        var mean = new CompensatedSum(sum.High / from, sum.Low / from);
        for (int i = from; i < values.Length; i++)
        {
            double count = i + 1, weight = (count - 1) / count;
            mean = new CompensatedSum(weight * mean.High, weight * mean.Low);
            mean.Add(values[i] / count);
        }
        return mean.High + mean.Low;
    }
}
