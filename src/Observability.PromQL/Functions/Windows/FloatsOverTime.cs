using System.Buffers;
using Observability.PromQL.Functions.Values;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Windows;

/// <summary>Functions of the floats in a window alone. Histograms beside them are left out, which is told.</summary>
internal static class FloatsOverTime
{
    public static bool Max(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        if (!HasFloats(window, ref notes, out value))
            return false;
        double max = window.Values[0];
        foreach (double number in window.Values)
        {
            if (number > max || double.IsNaN(max))
                max = number;
        }
        value = max;
        return true;
    }

    public static bool Min(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        if (!HasFloats(window, ref notes, out value))
            return false;
        double min = window.Values[0];
        foreach (double number in window.Values)
        {
            if (number < min || double.IsNaN(min))
                min = number;
        }
        value = min;
        return true;
    }

    public static bool TimeOfMax(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value) =>
        TimeOf(window, static (number, best) => number >= best, ref notes, out value);

    public static bool TimeOfMin(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value) =>
        TimeOf(window, static (number, best) => number <= best, ref notes, out value);

    public static bool Variance(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        if (!HasFloats(window, ref notes, out value))
            return false;
        var mean = new CompensatedSum(0);
        var squares = new CompensatedSum(0);
        double count = 0;
        foreach (double number in window.Values)
        {
            count++;
            double delta = number - (mean.High + mean.Low);
            mean.Add(delta / count);
            squares.Add(delta * (number - (mean.High + mean.Low)));
        }
        value = (squares.High + squares.Low) / count;
        return true;
    }

    public static bool Deviation(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        bool done = Variance(window, parameters, ref notes, out value);
        value = Math.Sqrt(value.Number);
        return done;
    }

    public static bool Quantile(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        double quantile = parameters[0];
        if (!HasFloats(window, ref notes, out value))
            return false;
        if (!(quantile is >= 0 and <= 1))
            notes |= WindowNotes.InvalidQuantile;
        value = WithCopy(window.Values, values => FloatQuantile.Of(quantile, values));
        return true;
    }

    public static bool AbsoluteDeviation(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        if (!HasFloats(window, ref notes, out value))
            return false;
        value = WithCopy(window.Values, static values =>
        {
            foreach (double number in values)
            {
                if (double.IsNaN(number))
                    return double.NaN;
            }
            double median = FloatQuantile.Of(0.5, values);
            foreach (ref double number in values)
                number = Math.Abs(number - median);
            return FloatQuantile.Of(0.5, values);
        });
        return true;
    }

    public static bool Smoothing(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        (double smoothing, double trend) = (parameters[0], parameters[1]);
        if (!(smoothing is > 0 and < 1))
            throw new EvaluationException($"invalid smoothing factor. Expected: 0 < sf < 1, got: {Fixed(smoothing)}");
        if (!(trend is > 0 and < 1))
            throw new EvaluationException($"invalid trend factor. Expected: 0 < tf < 1, got: {Fixed(trend)}");
        if (!HasTwoFloats(window, ref notes, out value))
            return false;
        ReadOnlySpan<double> values = window.Values;
        double before = 0, level = values[0], slope = values[1] - values[0];
        for (int i = 1; i < values.Length; i++)
        {
            if (i > 1)
                slope = trend * (level - before) + (1 - trend) * slope;
            (before, level) = (level, smoothing * values[i] + (1 - smoothing) * (level + slope));
        }
        value = level;
        return true;
    }

    public static bool Slope(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        if (!HasTwoFloats(window, ref notes, out value))
            return false;
        value = LinearRegression.Of(window.Times, window.Values, window.Times[0]).Slope;
        return true;
    }

    public static bool Predict(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value)
    {
        if (!HasTwoFloats(window, ref notes, out value))
            return false;
        (double slope, double intercept) = LinearRegression.Of(window.Times, window.Values, window.StepMs);
        value = slope * parameters[0] + intercept;
        return true;
    }

    private static bool TimeOf(in SampleWindow window, Func<double, double, bool> isBetter, ref WindowNotes notes, out FunctionValue value)
    {
        if (!HasFloats(window, ref notes, out value))
            return false;
        int best = 0;
        for (int i = 0; i < window.Values.Length; i++)
        {
            if (isBetter(window.Values[i], window.Values[best]) || double.IsNaN(window.Values[best]))
                best = i;
        }
        value = window.Times[best] / 1000.0;
        return true;
    }

    private static bool HasFloats(in SampleWindow window, ref WindowNotes notes, out FunctionValue value)
    {
        value = default;
        if (!window.Times.IsEmpty && !window.Histograms.IsEmpty)
            notes |= WindowNotes.HistogramsIgnored;
        return !window.Times.IsEmpty;
    }

    private static bool HasTwoFloats(in SampleWindow window, ref WindowNotes notes, out FunctionValue value) =>
        HasFloats(window, ref notes, out value) && window.Times.Length > 1;

    private static double WithCopy(ReadOnlySpan<double> values, Func<Span<double>, double> compute)
    {
        double[] copy = ArrayPool<double>.Shared.Rent(values.Length);
        values.CopyTo(copy);
        double result = compute(copy.AsSpan(0, values.Length));
        ArrayPool<double>.Shared.Return(copy);
        return result;
    }

    private static string Fixed(double value) => double.IsFinite(value)
        ? value.ToString("F6", System.Globalization.CultureInfo.InvariantCulture)
        : HistogramText.Format(value);
}
