using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Values;

/// <summary>The line through samples with the least squared distances.</summary>
internal static class LinearRegression
{
    /// <param name="times">Milliseconds.</param>
    /// <param name="values">Two or more.</param>
    /// <param name="zeroMs">The time at which the intercept is taken; near to the samples, or precision is lost.</param>
    /// <returns>The change per second, and the value at that time.</returns>
    public static (double Slope, double Intercept) Of(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long zeroMs)
    {
        CompensatedSum x = new(0), y = new(0), xy = new(0), xx = new(0);
        bool constant = true;
        for (int i = 0; i < values.Length; i++)
        {
            constant &= i == 0 || values[i] == values[0];
            double seconds = (times[i] - zeroMs) / 1e3;
            x.Add(seconds);
            y.Add(values[i]);
            xy.Add(seconds * values[i]);
            xx.Add(seconds * seconds);
        }
        if (constant)
            return double.IsInfinity(values[0]) ? (double.NaN, double.NaN) : (0, values[0]);
        double n = values.Length, sumX = x.High + x.Low, sumY = y.High + y.Low;
        double covariance = xy.High + xy.Low - sumX * sumY / n, variance = xx.High + xx.Low - sumX * sumX / n;
        double slope = covariance / variance;
        return (slope, sumY / n - slope * sumX / n);
    }
}
