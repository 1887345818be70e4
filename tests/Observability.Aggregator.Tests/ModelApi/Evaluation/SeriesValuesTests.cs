using Observability.Aggregator.ModelApi.Evaluation;
using Observability.Model;

namespace Observability.Aggregator.Tests.ModelApi.Evaluation;

// Times are seconds here; "end" is a stale marker 1 ms behind the sample before it.
public sealed class SeriesValuesTests
{
    private const double End = double.NegativeInfinity;
    private const double None = double.NaN;

    private delegate void Add(ReadOnlySpan<Sample> samples, ReadOnlySpan<long> times, Span<double> sums, Span<int> counts);

    [Test]
    public void A_rate_is_taken_over_the_samples_own_times()
    {
        double[] rates = Rate([(0, 100), (12, 112), (30, 148)], at: [12, 30]);

        Assert.That(rates, Is.EqualTo(new[] { 1.0, 2.0 }));
    }

    [Test]
    public void A_rate_between_two_samples_is_the_one_around_the_time()
    {
        double[] rates = Rate([(0, 0), (10, 10), (20, 40)], at: [1, 9, 10, 11, 20]);

        Assert.That(rates, Is.EqualTo(new double[] { 1, 1, 1, 3, 3 }));
    }

    [Test]
    public void The_first_sample_of_a_series_has_no_rate() =>
        Assert.That(Rate([(10, 5)], at: [5, 10, 15]), Is.EqualTo(new[] { None, None, None }));

    [Test]
    public void A_counter_that_fell_counts_from_zero() =>
        Assert.That(Rate([(0, 1000), (10, 50)], at: [10]), Is.EqualTo(new[] { 5.0 }));

    [Test]
    public void No_rate_is_taken_across_the_end_of_a_series()
    {
        double[] rates = Rate([(0, 0), (10, 10), (10.001, End), (40, 12), (50, 32)], at: [10, 20, 40, 45, 50]);

        Assert.That(rates, Is.EqualTo(new[] { 1, None, None, 2, 2 }));
    }

    [Test]
    public void Behind_the_newest_sample_its_rate_holds_up_to_the_bound_and_not_longer() =>
        Assert.That(Rate([(0, 0), (10, 20)], at: [11, 70, 71]), Is.EqualTo(new[] { 2, 2, None }));

    [Test]
    public void No_rate_is_taken_over_a_hole_of_more_than_five_minutes()
    {
        double[] rates = Rate([(0, 0), (300, 300), (601, 400), (611, 410)], at: [300, 350, 500, 601, 611]);

        // At 350 s the last known rate still holds; over the hole of 301 s nothing is known.
        Assert.That(rates, Is.EqualTo(new[] { 1, 1, None, None, 1 }));
    }

    [Test]
    public void A_gauge_is_its_newest_sample_up_to_the_bound() =>
        Assert.That(Gauge([(10, 7), (20, 8)], at: [9, 10, 19, 20, 80, 81]), Is.EqualTo(new[] { None, 7, 7, 8, 8, None }));

    [Test]
    public void A_gauge_that_ended_has_no_value_until_it_comes_back() =>
        Assert.That(Gauge([(10, 7), (10.001, End), (40, 9)], at: [10, 11, 39, 40]), Is.EqualTo(new[] { 7, None, None, 9 }));

    [Test]
    public void A_value_that_is_no_number_is_no_value()
    {
        Assert.That(Gauge([(10, 7), (20, double.NaN), (30, double.PositiveInfinity)], at: [15, 20, 30]), Is.EqualTo(new[] { 7, None, None }));
        Assert.That(Rate([(10, 7), (20, double.NaN), (30, 9)], at: [20, 30]), Is.EqualTo(new[] { None, None }));
    }

    [Test]
    public void A_total_goes_on_through_resets_and_keeps_what_ended()
    {
        double[] totals = Total([(0, 100), (10, 130), (20, 5), (30, 25), (30.001, End)], at: [0, 10, 20, 30, 3000]);

        Assert.That(totals, Is.EqualTo(new double[] { 100, 130, 135, 155, 155 }));
    }

    [Test]
    public void A_total_of_a_counter_that_was_away_for_a_moment_does_not_count_it_twice() =>
        Assert.That(Total([(0, 100), (0.001, End), (30, 110), (30.001, End), (60, 4)], at: [0, 30, 60]), Is.EqualTo(new double[] { 100, 110, 114 }));

    [Test]
    public void Series_add_up_and_count_themselves()
    {
        var sums = new double[2];
        var counts = new int[2];
        foreach (double value in (double[])[1, 2])
            SeriesValues.AddGauge([new Sample(1000, value)], [500, 1500], 60_000, sums, counts);

        Assert.That(sums, Is.EqualTo(new double[] { 0, 3 }));
        Assert.That(counts, Is.EqualTo(new[] { 0, 2 }));
    }

    private static double[] Rate((double, double)[] samples, double[] at) =>
        Values((s, t, sums, counts) => SeriesValues.AddRate(s, t, 60_000, sums, counts), samples, at);

    private static double[] Gauge((double, double)[] samples, double[] at) =>
        Values((s, t, sums, counts) => SeriesValues.AddGauge(s, t, 60_000, sums, counts), samples, at);

    private static double[] Total((double, double)[] samples, double[] at) => Values(SeriesValues.AddTotal, samples, at);

    private static double[] Values(Add add, (double Time, double Value)[] samples, double[] at)
    {
        Sample[] stored = [.. samples.Select(sample => new Sample((long)Math.Round(sample.Time * 1000), double.IsNegativeInfinity(sample.Value) ? StaleMarker.Value : sample.Value))];
        var sums = new double[at.Length];
        var counts = new int[at.Length];
        add(stored, [.. at.Select(time => (long)Math.Round(time * 1000))], sums, counts);
        return [.. sums.Select((sum, i) => counts[i] == 0 ? double.NaN : sum)];
    }
}
