using CsCheck;
using Observability.Model;
using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Running;
using Observability.PromQL.Functions;
using Observability.PromQL.Functions.Windows;

namespace Observability.PromQL.Tests.Evaluation.Running;

[Parallelizable(ParallelScope.All)]
public class RunningFunctionTests
{
    private static readonly double[] Strange = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e308, -1e308, 1e-300];

    private static readonly Gen<double> Moderate = Gen.Double[-1e6, 1e6];

    /// <summary>Counters and gauges, with restarts, repetitions, and now and then what is no ordinary number.</summary>
    private static readonly Gen<double[]> Values = Gen.OneOf(
        Moderate.Array[0, 60],
        Gen.Double[0, 100].Array[0, 60].Select(Accumulate),
        Gen.OneOf(Gen.Const(0.0), Gen.Const(1.0), Gen.Const(5.0)).Array[0, 60],
        Gen.OneOf(Moderate, Gen.Int[0, Strange.Length - 1].Select(i => Strange[i])).Array[0, 40]);

    [TestCase("rate")]
    [TestCase("increase")]
    [TestCase("delta")]
    [TestCase("sum_over_time")]
    [TestCase("avg_over_time")]
    [TestCase("min_over_time")]
    [TestCase("max_over_time")]
    [TestCase("stddev_over_time")]
    [TestCase("stdvar_over_time")]
    public void Walking_along_the_samples_gives_what_each_window_by_itself_gives(string name)
    {
        Assert.That(WindowFunctions.TryGet(name, out WindowFunction? byWindow), Is.True);
        RunningFunction running = RunningFunction.Of(name)!;

        Gen.Select(Values, Gen.Long[1, 20].Array[60], Gen.Long[1, 100], Gen.Long[1, 40], Gen.Int[1, 50]).Sample((values, gaps, rangeMs, stepMs, steps) =>
        {
            long[] times = Times(gaps, values.Length);
            var into = new double[steps];
            Array.Fill(into, StaleMarker.Value);
            WindowNotes notes = WindowNotes.None;
            running.Evaluate(new RunningWindows(new StepGrid(0, stepMs, steps), 0, rangeMs), times, values, into, ref notes);

            for (int step = 0; step < steps; step++)
            {
                long endMs = step * stepMs;
                int first = WindowSearch.FirstAfter(times, endMs - rangeMs), end = WindowSearch.FirstAfter(times, endMs);
                WindowNotes naiveNotes = WindowNotes.None;
                FunctionValue expected = default;
                bool has = first < end && byWindow!(
                    new SampleWindow { Times = times.AsSpan(first, end - first), Values = values.AsSpan(first, end - first), StartMs = endMs - rangeMs, EndMs = endMs, StepMs = endMs },
                    [], ref naiveNotes, out expected);
                if (StepValue.IsAbsent(into[step]) == has || (has && !AreNear(expected.Number, into[step], Scale(name, values.AsSpan(first, end - first)))))
                    throw new AssertionException($"step {step}: {into[step]:R} instead of {(has ? expected.Number : null):R}");
            }
        }, iter: 2000);
    }

    [Test]
    public void A_running_sum_keeps_the_digits_of_small_samples_next_to_large_ones()
    {
        double[] values = [1e15, 0.25, -1e15, 0.5, 0.125];
        long[] times = [1, 2, 3, 4, 5];
        var into = new double[3];
        WindowNotes notes = WindowNotes.None;

        RunningFunction.Of("sum_over_time")!.Evaluate(new RunningWindows(new StepGrid(3, 1, 3), 3, 3), times, values, into, ref notes);

        Assert.That(into, Is.EqualTo(new[] { 0.25, -1e15 + 0.75, -1e15 + 0.625 }));
    }

    private static double[] Accumulate(double[] rises)
    {
        double value = 0;
        for (int i = 0; i < rises.Length; i++)
            rises[i] = value = rises[i] > 90 ? rises[i] - 90 : value + rises[i];
        return rises;
    }

    private static long[] Times(long[] gaps, int count)
    {
        var times = new long[count];
        long time = -50;
        for (int i = 0; i < count; i++)
            times[i] = time += gaps[i % gaps.Length];
        return times;
    }

    /// <summary>Sums and spreads of numbers that cancel out are as exact as their largest number.</summary>
    private static double Scale(string name, ReadOnlySpan<double> window)
    {
        double largest = 0;
        foreach (double value in window)
            largest = Math.Max(largest, Math.Abs(value));
        return name switch
        {
            "sum_over_time" or "avg_over_time" or "stddev_over_time" => largest * 1e-6,
            "stdvar_over_time" => largest * largest * 1e-6,
            _ => 0,
        };
    }

    private static bool AreNear(double left, double right, double scale) =>
        left.Equals(right) || Math.Abs(left - right) <= 1e-9 * Math.Max(scale, Math.Max(Math.Abs(left), Math.Abs(right)));
}
