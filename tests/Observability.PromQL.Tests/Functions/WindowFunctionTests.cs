using CsCheck;
using Observability.PromQL.Functions;
using Observability.PromQL.Functions.Windows;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;

namespace Observability.PromQL.Tests.Functions;

internal sealed class WindowFunctionTests
{
    private static readonly FloatHistogram One = new() { Count = 1, Sum = 1 };

    // One sample a minute, the last at the end of the window.
    [TestCase("increase", new double[] { 10, 20, 30 }, 3, ExpectedResult = 30)]
    [TestCase("increase", new double[] { 1, 21, 41 }, 3, ExpectedResult = 41)] // not below zero before the first sample
    [TestCase("increase", new double[] { 10, 20, 5 }, 2, ExpectedResult = 15)] // restarted
    [TestCase("rate", new double[] { 0, 60, 120 }, 2, ExpectedResult = 1)]
    [TestCase("delta", new double[] { 10, 20, 5 }, 2, ExpectedResult = -5)]
    [TestCase("irate", new double[] { 10, 90, 60 }, 2, ExpectedResult = 1)]
    [TestCase("idelta", new double[] { 10, 20, 5 }, 2, ExpectedResult = -15)]
    [TestCase("changes", new[] { 1, 1, 2, double.NaN, double.NaN, 1 }, 9, ExpectedResult = 3)]
    [TestCase("resets", new double[] { 3, 2, 2, 5, 1 }, 9, ExpectedResult = 2)]
    [TestCase("sum_over_time", new double[] { 1, 1e100, 1, -1e100 }, 9, ExpectedResult = 2)]
    [TestCase("avg_over_time", new double[] { 1, 1e100, 1, -1e100 }, 9, ExpectedResult = 0.5)]
    [TestCase("avg_over_time", new[] { 1.5e308, 1.5e308 }, 9, ExpectedResult = 1.5e308)]
    [TestCase("max_over_time", new[] { double.NaN, 1, 3, 2 }, 9, ExpectedResult = 3)]
    [TestCase("min_over_time", new[] { double.NaN, 1, 3, 2 }, 9, ExpectedResult = 1)]
    [TestCase("mad_over_time", new double[] { 4, 6, 2, 1, 999, 1, 2 }, 9, ExpectedResult = 1)]
    [TestCase("stdvar_over_time", new double[] { 2, 4 }, 9, ExpectedResult = 1)]
    [TestCase("stddev_over_time", new double[] { 2, 4, 4, 4, 5, 5, 7, 9 }, 9, ExpectedResult = 2)]
    [TestCase("deriv", new double[] { 0, 60, 120 }, 9, ExpectedResult = 1)]
    [TestCase("ts_of_max_over_time", new double[] { 1, 3, 3, 2 }, 9, ExpectedResult = 540)]
    [TestCase("first_over_time", new double[] { 7, 8 }, 9, ExpectedResult = 7)]
    [TestCase("count_over_time", new double[] { 7, 8 }, 9, ExpectedResult = 2)]
    public double It_computes(string function, double[] values, int rangeMinutes)
    {
        Assert.That(TryCompute(function, Floats(values, rangeMinutes), [], out FunctionValue value), Is.EqualTo((true, NoteOf(function))));

        return Math.Round(value.Number, 12);
    }

    [TestCase("rate")]
    [TestCase("irate")]
    [TestCase("deriv")]
    public void One_sample_tells_no_change(string function) =>
        Assert.That(TryCompute(function, Floats([1], 5), [], out _).Done, Is.False);

    [Test]
    public void A_counter_that_started_inside_the_range_counts_from_zero()
    {
        // The only sample, at 10 min, says that its counter started 30 s before it.
        var window = new SampleWindow { Times = [600_000], Values = [6], StartTimes = [570_000], StartMs = 0, EndMs = 600_000 };

        TryCompute("increase", window, [], out FunctionValue value);

        Assert.That(value.Number, Is.EqualTo(6));
    }

    [Test]
    public void A_later_start_is_a_restart_even_where_the_value_did_not_fall()
    {
        var window = new SampleWindow { Times = [60_000, 120_000], Values = [60, 60], StartTimes = [1, 60_000], StartMs = 0, EndMs = 120_000 };

        Assert.That(TryCompute("resets", window, [], out FunctionValue value), Is.EqualTo((true, WindowNotes.None)));
        Assert.That(value.Number, Is.EqualTo(1));
    }

    [TestCase("rate", WindowNotes.MixedFloatsAndHistograms)]
    [TestCase("sum_over_time", WindowNotes.MixedFloatsAndHistograms)]
    [TestCase("irate", WindowNotes.MixedFloatsAndHistograms)]
    public void Floats_and_histograms_do_not_go_together(string function, WindowNotes expected)
    {
        var window = new SampleWindow { Times = [60_000], Values = [1], Histograms = new HistogramPoint[] { new(120_000, One) }, StartMs = 0, EndMs = 120_000 };

        Assert.That(TryCompute(function, window, [], out _), Is.EqualTo((false, expected)));
    }

    [TestCase("max_over_time")]
    [TestCase("stddev_over_time")]
    [TestCase("quantile_over_time")]
    public void Where_only_floats_count_histograms_are_left_out_and_told(string function)
    {
        var window = new SampleWindow { Times = [60_000], Values = [1], Histograms = new HistogramPoint[] { new(120_000, One) }, StartMs = 0, EndMs = 120_000 };

        Assert.That(TryCompute(function, window, [0.5], out _), Is.EqualTo((true, WindowNotes.HistogramsIgnored)));
    }

    [Test]
    public void The_rate_of_a_histogram_is_a_gauge()
    {
        var later = new FloatHistogram { Count = 3, Sum = 7, Positive = SparseBuckets.FromDense(0, [2]) };
        var window = new SampleWindow { Histograms = new HistogramPoint[] { new(60_000, One), new(120_000, later) }, StartMs = 0, EndMs = 120_000 };

        TryCompute("increase", window, [], out FunctionValue value);

        Assert.That(value.Histogram!.CounterResetHint, Is.EqualTo(CounterResetHint.Gauge));
        Assert.That(value.Histogram.Count, Is.EqualTo(3)); // extended to where the count was zero
    }

    [Test]
    public void Anchored_takes_the_last_sample_before_the_range_as_its_first()
    {
        var window = new SampleWindow { Times = [0, 60_000, 120_000, 180_000], Values = [1, 2, 4, 8], StartMs = 90_000, EndMs = 180_000, Anchored = true };

        TryCompute("increase", window, [], out FunctionValue value);

        Assert.That(value.Number, Is.EqualTo(6));
    }

    [Test]
    public void Smoothed_interpolates_at_both_edges()
    {
        var window = new SampleWindow { Times = [0, 60_000, 120_000], Values = [0, 60, 120], StartMs = 30_000, EndMs = 90_000, Smoothed = true };

        TryCompute("rate", window, [], out FunctionValue value);

        Assert.That(value.Number, Is.EqualTo(1));
    }

    [Test]
    public void A_factor_outside_of_its_range_is_an_error() =>
        Assert.That(
            () => TryCompute("double_exponential_smoothing", Floats([1, 2], 5), [2, 0.5], out _),
            Throws.InstanceOf<EvaluationException>().With.Message.EqualTo("invalid smoothing factor. Expected: 0 < sf < 1, got: 2.000000"));

    [Test]
    public void Smoothing_and_regression_follow_a_straight_line() => Gen.Select(Gen.Int[-100, 100], Gen.Int[-10, 10], Gen.Int[2, 20]).Sample((start, step, count) =>
    {
        double[] line = [.. Enumerable.Range(0, count).Select(i => start + step * (double)i)];

        TryCompute("double_exponential_smoothing", Floats(line, 60), [0.3, 0.6], out FunctionValue smoothed);
        TryCompute("predict_linear", Floats(line, 60), [60], out FunctionValue predicted);

        Assert.That(smoothed.Number, Is.EqualTo(line[^1]).Within(1e-9));
        Assert.That(predicted.Number, Is.EqualTo(line[^1] + step).Within(1e-6));
    });

    [Test]
    public void An_increase_never_is_negative() => Gen.Double[0, 1e6].Array[2, 12].Sample(values =>
    {
        TryCompute("increase", Floats(values, 60), [], out FunctionValue value);

        Assert.That(value.Number, Is.GreaterThanOrEqualTo(0));
    });

    private static WindowNotes NoteOf(string function) => function is "rate" or "increase" ? WindowNotes.CounterOfFloats : WindowNotes.None;

    private static SampleWindow Floats(double[] values, int rangeMinutes)
    {
        const long Minute = 60_000, End = 10 * Minute;
        long[] times = [.. Enumerable.Range(0, values.Length).Select(i => End - Minute * (values.Length - 1 - i))];
        return new SampleWindow { Times = times, Values = values, StartMs = End - rangeMinutes * Minute, EndMs = End, StepMs = End };
    }

    private static (bool Done, WindowNotes Notes) TryCompute(string function, in SampleWindow window, double[] parameters, out FunctionValue value)
    {
        WindowNotes notes = WindowNotes.None;
        Assert.That(WindowFunctions.TryGet(function, out WindowFunction? compute), Is.True);
        bool done = compute!(window, parameters, ref notes, out value); // asserted
        return (done, notes);
    }
}
