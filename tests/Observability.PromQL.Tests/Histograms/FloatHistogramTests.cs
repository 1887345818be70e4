using CsCheck;
using Observability.PromQL.Histograms;
using static Observability.PromQL.Tests.Histograms.HistogramGen;

namespace Observability.PromQL.Tests.Histograms;

internal sealed class FloatHistogramTests
{
    // How far zero buckets have to grow to cut no bucket depends on the resolution at which they meet.
    private static readonly Gen<FloatHistogram> WithoutWidth = Exponential.Where(histogram => histogram.ZeroThreshold == 0);

    private static readonly FloatHistogram Plain = new() { Count = 4, Sum = 5, Positive = SparseBuckets.FromDense(0, [1, 2, 1]) };

    [Test]
    public void It_prints_as_in_Prometheus()
    {
        var histogram = new FloatHistogram
        {
            Count = 3e6,
            Sum = 0.25,
            ZeroThreshold = 0.5,
            ZeroCount = 2,
            Positive = SparseBuckets.FromDense(1, [4, 0, 1.5]),
            Negative = SparseBuckets.FromDense(0, [1]),
        };

        Assert.That(histogram.ToString(), Is.EqualTo("{count:3e+06, sum:0.25, [-1,-0.5):1, [-0.5,0.5]:2, (1,2]:4, (4,8]:1.5}"));
    }

    [Test]
    public void Custom_buckets_print_with_open_ends()
    {
        var histogram = new FloatHistogram
        {
            Schema = FloatHistogram.CustomSchema,
            CustomBounds = [5, 10],
            Count = 4,
            Sum = 5,
            Positive = SparseBuckets.FromDense(0, [1, 2, 1]),
        };

        Assert.That(histogram.ToString(), Is.EqualTo("{count:4, sum:5, [-Inf,5]:1, (5,10]:2, (10,+Inf]:1}"));
    }

    [Test]
    public void Spans_that_do_not_fit_the_counts_are_refused()
    {
        Assert.That(() => SparseBuckets.FromSpans([new(0, 3)], [1, 2]), Throws.ArgumentException);
        Assert.That(() => SparseBuckets.FromSpans([new(0, 1), new(-2, 1)], [1, 2]), Throws.ArgumentException);
        Assert.That(() => SparseBuckets.FromSpans([new(0, 1)], [1, 2]), Throws.ArgumentException);
    }

    [Test]
    public void Spans_survive_the_way_there_and_back() => Buckets(-20, 20).Sample(buckets =>
    {
        SparseBuckets sparse = buckets.Compact();

        Assert.That(SparseBuckets.FromSpans([.. sparse.ToSpans()], sparse.Counts), Is.EqualTo(sparse));
        Assert.That(sparse.SpanCount, Is.EqualTo(sparse.ToSpans().Count));
    });

    [Test]
    public void Exponential_and_custom_buckets_do_not_add() => Gen.Select(Exponential, Custom).Sample((exponential, custom) =>
    {
        Assert.That(exponential.TryAdd(custom, out _), Is.False);
        Assert.That(custom.TrySubtract(exponential, out _), Is.False);
    });

    [Test]
    public void Adding_loses_no_observation() => Pair.Sample((left, right) =>
    {
        Assert.That(left.TryAdd(right, out HistogramSum sum), Is.True);

        Assert.That(InBuckets(sum.Histogram), Is.EqualTo(InBuckets(left) + InBuckets(right)));
        Assert.That(sum.Histogram.Count, Is.EqualTo(left.Count + right.Count));
        Assert.That(sum.Histogram.FindProblem(), Is.Null);
    });

    [Test]
    public void The_order_of_an_addition_does_not_matter() => Pair.Sample((left, right) =>
    {
        left.TryAdd(right, out HistogramSum sum);
        right.TryAdd(left, out HistogramSum turned);

        Assert.That(turned.Histogram.Compact(), Is.EqualTo(sum.Histogram.Compact()));
    });

    [Test]
    public void The_grouping_of_an_addition_does_not_matter_while_zero_buckets_are_alike() => Gen.OneOf(Gen.Select(WithoutWidth, WithoutWidth, WithoutWidth), Gen.Select(Custom, Custom, Custom)).Sample((a, b, c) =>
    {
        FloatHistogram left = Sum(Sum(a, b), c), right = Sum(a, Sum(b, c));

        Assert.That(left.Compact(), Is.EqualTo(right.Compact()));
    });

    [Test]
    public void What_is_added_can_be_subtracted_again() => Gen.Select(Exponential, Exponential).Sample((left, right) =>
    {
        left.TryAdd(right, out HistogramSum sum);
        sum.Histogram.TrySubtract(right, out HistogramSum back);

        FloatHistogram aligned = HistogramLayout.WithZeroThreshold(left, sum.Histogram.ZeroThreshold);
        Assert.That(back.Histogram.Compact(), Is.EqualTo(aligned.CopyToSchema(sum.Histogram.Schema).Compact()));
    });

    [Test]
    public void A_coarser_schema_keeps_all_counts() => Gen.Select(Exponential, Gen.Int[0, 12]).Sample((histogram, levels) =>
    {
        FloatHistogram coarse = histogram.CopyToSchema(Math.Max(-4, histogram.Schema - levels));

        Assert.That(InBuckets(coarse), Is.EqualTo(InBuckets(histogram)));
        Assert.That(coarse.CopyToSchema(-4), Is.EqualTo(histogram.CopyToSchema(-4)));
    });

    [TestCase(0)]
    [TestCase(double.NaN)]
    public void Custom_buckets_never_get_a_zero_bucket(double number)
    {
        var histogram = new FloatHistogram { Schema = FloatHistogram.CustomSchema, CustomBounds = [5], Count = 1, Positive = SparseBuckets.FromDense(0, [1]) };

        Assert.That(histogram.Divide(number).ZeroCount, Is.Zero);
        Assert.That(histogram.Multiply(number).ZeroCount, Is.Zero);
    }

    [Test]
    public void Division_by_zero_leaves_no_buckets() =>
        Assert.That(Plain.Divide(0).ToString(), Is.EqualTo("{count:+Inf, sum:+Inf, [-0,0]:NaN}"));

    [Test]
    public void A_finer_schema_is_refused() => Assert.That(() => Plain.CopyToSchema(1), Throws.ArgumentException);

    [Test]
    public void Compacting_changes_no_bucket_with_observations() => Gen.OneOf(Exponential, Custom).Sample(histogram =>
    {
        FloatHistogram compact = histogram.Compact();

        Assert.That(compact.ToString(), Is.EqualTo(histogram.ToString()));
        Assert.That(compact.Positive.Counts.Contains(0.0) || compact.Negative.Counts.Contains(0.0), Is.False);
    });

    [Test]
    public void A_counter_that_only_grew_did_not_restart() => Pair.Sample((earlier, growth) =>
    {
        if (earlier.Schema < growth.Schema || earlier.ZeroThreshold > growth.ZeroThreshold)
            growth = earlier;
        earlier.TryAdd(growth, out HistogramSum later);

        Assert.That(later.Histogram.DetectReset(earlier), Is.False);
    });

    [Test]
    public void A_bucket_that_fell_is_a_restart()
    {
        var later = new FloatHistogram { Count = 5, Sum = 6, Positive = SparseBuckets.FromDense(0, [1, 1, 3]) };

        Assert.That(later.DetectReset(Plain), Is.True);
        Assert.That(later.WithHint(CounterResetHint.NotReset).DetectReset(Plain), Is.False);
    }

    [TestCase(CounterResetHint.NotReset, CounterResetHint.NotReset, ExpectedResult = CounterResetHint.NotReset)]
    [TestCase(CounterResetHint.Gauge, CounterResetHint.Reset, ExpectedResult = CounterResetHint.Gauge)]
    [TestCase(CounterResetHint.Unknown, CounterResetHint.NotReset, ExpectedResult = CounterResetHint.Unknown)]
    public CounterResetHint A_sum_knows_of_restarts_what_both_sides_know(CounterResetHint left, CounterResetHint right)
    {
        Plain.WithHint(left).TryAdd(Plain.WithHint(right), out HistogramSum sum);

        Assert.That(sum.CounterResetCollision, Is.False);
        return sum.Histogram.CounterResetHint;
    }

    [Test]
    public void A_restart_that_only_one_side_saw_is_reported()
    {
        Plain.WithHint(CounterResetHint.Reset).TryAdd(Plain.WithHint(CounterResetHint.NotReset), out HistogramSum sum);

        Assert.That(sum.CounterResetCollision, Is.True);
        Assert.That(sum.Histogram.CounterResetHint, Is.EqualTo(CounterResetHint.Unknown));
    }

    [Test]
    public void Both_parts_of_a_trimmed_histogram_make_the_whole() => Gen.Select(Exponential, Gen.Double[-50, 50]).Sample((histogram, limit) =>
    {
        double low = InBuckets(histogram.TrimAbove(limit)), high = InBuckets(histogram.TrimBelow(limit));

        Assert.That(low + high, Is.EqualTo(InBuckets(histogram)).Within(1e-9));
    });

    [TestCase(15, 11, 97.5)]
    [TestCase(13, 9.4, 75.1)]
    [TestCase(50, 14, 150)]
    [TestCase(double.PositiveInfinity, 15, 172.5)]
    [TestCase(0, 0, 0)]
    public void What_lies_below_a_limit_is_interpolated(double limit, double count, double sum)
    {
        var histogram = new FloatHistogram
        {
            Schema = FloatHistogram.CustomSchema, CustomBounds = [5, 10, 15, 20], Count = 15, Sum = 172.5,
            Positive = SparseBuckets.FromDense(0, [1, 6, 4, 3, 1]),
        };

        FloatHistogram trimmed = histogram.TrimAbove(limit);

        Assert.That(trimmed.Count, Is.EqualTo(count).Within(1e-9));
        Assert.That(trimmed.Sum, Is.EqualTo(sum).Within(1e-9));
    }

    [Test]
    public void Trimming_loses_observations_of_NaN_as_they_have_no_place()
    {
        var histogram = new FloatHistogram { Count = 15, Sum = double.NaN, Positive = SparseBuckets.FromDense(0, [12]) };

        Assert.That(histogram.TrimAbove(10).Count, Is.EqualTo(12));
        Assert.That(histogram.TrimBelow(0).Count, Is.EqualTo(12));
        Assert.That(histogram.TrimAbove(double.PositiveInfinity), Is.EqualTo(histogram));
    }

    private static FloatHistogram Sum(FloatHistogram left, FloatHistogram right)
    {
        Assert.That(left.TryAdd(right, out HistogramSum sum), Is.True);
        return sum.Histogram;
    }
}
