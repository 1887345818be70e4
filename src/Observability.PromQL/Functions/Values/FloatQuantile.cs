namespace Observability.PromQL.Functions.Values;

internal static class FloatQuantile
{
    /// <summary>The quantile of values, interpolated between neighbours. NaN counts as the smallest.</summary>
    /// <param name="quantile">Outside of 0 to 1 the result is infinite.</param>
    /// <param name="values">Sorted in place.</param>
    public static double Of(double quantile, Span<double> values)
    {
        if (values.IsEmpty || double.IsNaN(quantile))
            return double.NaN;
        if (quantile is < 0 or > 1)
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        values.Sort();
        double rank = quantile * (values.Length - 1);
        int lower = (int)Math.Floor(rank);
        int upper = Math.Min(values.Length - 1, lower + 1);
        double weight = rank - lower;
        return values[lower] * (1 - weight) + values[upper] * weight;
    }
}
