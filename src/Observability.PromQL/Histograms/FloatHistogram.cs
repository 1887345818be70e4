using System.Collections.Immutable;

namespace Observability.PromQL.Histograms;

/// <summary>
/// A native histogram with counts as floats: exponential buckets around a zero bucket, or custom buckets between given bounds.
/// Immutable; arithmetic gives new ones.
/// </summary>
public sealed class FloatHistogram : IEquatable<FloatHistogram>
{
    /// <summary>The schema of histograms with custom bounds.</summary>
    public const int CustomSchema = -53;

    public CounterResetHint CounterResetHint { get; init; }

    /// <summary>-4 to 8: each power of two is cut into 2^schema buckets; or <see cref="CustomSchema"/>.</summary>
    public int Schema { get; init; }

    /// <summary>Half the width of the zero bucket.</summary>
    public double ZeroThreshold { get; init; }

    public double ZeroCount { get; init; }

    /// <summary>All observations, those of NaN included, which are in no bucket.</summary>
    public double Count { get; init; }

    /// <summary>Of all observations; the stale marker here marks the end of the series.</summary>
    public double Sum { get; init; }

    /// <summary>Buckets above zero, or those of the custom bounds: index i ends at the i-th bound, the one behind the last bound is open.</summary>
    public SparseBuckets Positive { get; init; } = SparseBuckets.Empty;

    /// <summary>Buckets below zero, from the zero bucket downwards.</summary>
    public SparseBuckets Negative { get; init; } = SparseBuckets.Empty;

    /// <summary>Upper bounds of the custom buckets, rising; without the last one, which is infinite.</summary>
    public ImmutableArray<double> CustomBounds { get; init; } = [];

    public bool UsesCustomBuckets => Schema == CustomSchema;

    /// <summary>Bytes that it takes, as Prometheus estimates them for its limit of samples.</summary>
    public int SizeBytes =>
        168 + 8 * (Positive.SpanCount + Negative.SpanCount + Positive.Length + Negative.Length + CustomBounds.Length);

    public FloatHistogram WithHint(CounterResetHint hint) => hint == CounterResetHint ? this : Copy(hint, ZeroCount, Count, Sum, Positive, Negative);

    /// <summary>Scales all counts and the sum. A negative factor makes a gauge.</summary>
    public FloatHistogram Multiply(double factor) => Copy(
        factor < 0 ? CounterResetHint.Gauge : CounterResetHint, UsesCustomBuckets ? 0 : ZeroCount * factor, Count * factor, Sum * factor,
        Positive.Multiply(factor), Negative.Multiply(factor));

    /// <summary>Divides all counts and the sum. Division by zero leaves no buckets; a negative divisor makes a gauge.</summary>
    public FloatHistogram Divide(double divisor) => Copy(
        divisor < 0 ? CounterResetHint.Gauge : CounterResetHint, UsesCustomBuckets ? 0 : ZeroCount / divisor, Count / divisor, Sum / divisor,
        divisor == 0 ? SparseBuckets.Empty : Positive.Divide(divisor), divisor == 0 ? SparseBuckets.Empty : Negative.Divide(divisor));

    /// <summary>Adds, in the lower of both resolutions, with the wider zero bucket or with the bounds that both have.</summary>
    /// <returns>False where one has exponential and the other custom buckets.</returns>
    public bool TryAdd(FloatHistogram other, out HistogramSum sum) => HistogramArithmetic.TryCombine(this, other, subtract: false, out sum);

    /// <summary>Subtracts, otherwise as <see cref="TryAdd"/>. The hint is made as for an addition; the operator <c>-</c> has to make it a gauge.</summary>
    public bool TrySubtract(FloatHistogram other, out HistogramSum difference) => HistogramArithmetic.TryCombine(this, other, subtract: true, out difference);

    /// <summary>The same observations in a schema with fewer buckets.</summary>
    /// <exception cref="ArgumentException">The schema has more buckets, or one of both is custom.</exception>
    public FloatHistogram CopyToSchema(int schema)
    {
        if (schema == Schema)
            return this;
        if (UsesCustomBuckets || schema > Schema || !ExponentialBounds.IsExponential(schema))
            throw new ArgumentException($"A histogram of schema {Schema} has no form in schema {schema}.", nameof(schema));
        return HistogramLayout.InSchema(this, schema);
    }

    /// <summary>Without empty buckets.</summary>
    public FloatHistogram Compact()
    {
        SparseBuckets positive = Positive.Compact(), negative = Negative.Compact();
        return ReferenceEquals(positive, Positive) && ReferenceEquals(negative, Negative)
            ? this
            : Copy(CounterResetHint, ZeroCount, Count, Sum, positive, negative);
    }

    /// <summary>Whether the counter restarted since an earlier sample: by the hint, else because something in it fell.</summary>
    public bool DetectReset(FloatHistogram previous) => HistogramReset.Detect(this, previous);

    /// <summary>What is left of observations up to a limit (<c>&lt;/</c>); a bucket that the limit cuts is interpolated.</summary>
    public FloatHistogram TrimAbove(double limit) => HistogramTrim.KeepUpTo(this, limit);

    /// <summary>What is left of observations from a limit on (<c>&gt;/</c>).</summary>
    public FloatHistogram TrimBelow(double limit) => HistogramTrim.KeepFrom(this, limit);

    /// <summary>
    /// All buckets of the layout, rising. The zero bucket is there where it has observations; where a neighbour overlaps with it, the
    /// neighbour ends at the zero threshold.
    /// </summary>
    public IEnumerable<HistogramBucket> Buckets()
    {
        foreach (HistogramBucket bucket in LayoutBuckets())
        {
            yield return bucket.Kind switch
            {
                HistogramBucketKind.Negative when bucket.Upper > -ZeroThreshold => bucket with { Upper = -ZeroThreshold },
                HistogramBucketKind.Positive when bucket.Lower < ZeroThreshold => bucket with { Lower = ZeroThreshold },
                _ => bucket,
            };
        }
    }

    /// <summary>What is wrong with it: a negative or unordered part, or one that its schema does not have. Null where nothing is.</summary>
    public string? FindProblem() => HistogramRules.FindProblem(this);

    /// <summary>Bit for bit the same counts in the same layout. Hints are not compared.</summary>
    public bool Equals(FloatHistogram? other) =>
        ReferenceEquals(this, other) || (other is not null && Schema == other.Schema && Same(Count, other.Count) && Same(Sum, other.Sum) &&
            ZeroThreshold == other.ZeroThreshold && Same(ZeroCount, other.ZeroCount) && CustomBounds.AsSpan().SequenceEqual(other.CustomBounds.AsSpan()) &&
            Positive.Equals(other.Positive) && Negative.Equals(other.Negative));

    /// <summary>Whether all numbers are as near as the comparison wants, in the same layout. Compact both first.</summary>
    public bool IsNear(FloatHistogram other, Func<double, double, bool> near) =>
        Schema == other.Schema && near(Count, other.Count) && near(Sum, other.Sum) && near(ZeroThreshold, other.ZeroThreshold) &&
        near(ZeroCount, other.ZeroCount) && AreNear(CustomBounds.AsSpan(), other.CustomBounds.AsSpan(), near) &&
        Positive.Indexes.SequenceEqual(other.Positive.Indexes) && AreNear(Positive.Counts, other.Positive.Counts, near) &&
        Negative.Indexes.SequenceEqual(other.Negative.Indexes) && AreNear(Negative.Counts, other.Negative.Counts, near);

    public override bool Equals(object? obj) => Equals(obj as FloatHistogram);

    public override int GetHashCode() => HashCode.Combine(Schema, BitConverter.DoubleToInt64Bits(Count), BitConverter.DoubleToInt64Bits(Sum), Positive, Negative);

    /// <summary>As in Prometheus: <c>{count:4, sum:5, (0.5,1]:1, (1,2]:3}</c>, without empty buckets.</summary>
    public override string ToString() => HistogramText.Write(this);

    /// <summary>As <see cref="Buckets"/>, with the bounds of the schema throughout.</summary>
    internal IEnumerable<HistogramBucket> LayoutBuckets()
    {
        for (int i = Negative.Length - 1; i >= 0; i--)
            yield return NegativeBucket(i);
        if (ZeroCount != 0)
            yield return ZeroBucket;
        for (int i = 0; i < Positive.Length; i++)
            yield return PositiveBucket(i);
    }

    internal HistogramBucket ZeroBucket => new(-ZeroThreshold, ZeroThreshold, true, true, ZeroCount, HistogramBucketKind.Zero);

    internal HistogramBucket PositiveBucket(int place)
    {
        int index = Positive.Indexes[place];
        double count = Positive.Counts[place];
        if (UsesCustomBuckets)
            return new HistogramBucket(CustomBound(index - 1), CustomBound(index), index == 0, true, count, HistogramBucketKind.Custom);
        return new HistogramBucket(
            ExponentialBounds.Upper(index - 1, Schema), ExponentialBounds.Upper(index, Schema), false, true, count, HistogramBucketKind.Positive);
    }

    internal HistogramBucket NegativeBucket(int place)
    {
        int index = Negative.Indexes[place];
        return new HistogramBucket(
            -ExponentialBounds.Upper(index, Schema), -ExponentialBounds.Upper(index - 1, Schema), true, false, Negative.Counts[place], HistogramBucketKind.Negative);
    }

    internal FloatHistogram Copy(CounterResetHint hint, double zeroCount, double count, double sum, SparseBuckets positive, SparseBuckets negative) => new()
    {
        CounterResetHint = hint,
        Schema = Schema,
        ZeroThreshold = ZeroThreshold,
        ZeroCount = zeroCount,
        Count = count,
        Sum = sum,
        Positive = positive,
        Negative = negative,
        CustomBounds = CustomBounds,
    };

    private double CustomBound(int index) =>
        index < 0 ? double.NegativeInfinity : index < CustomBounds.Length ? CustomBounds[index] : double.PositiveInfinity;

    private static bool Same(double left, double right) => BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right);

    private static bool AreNear(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Func<double, double, bool> near)
    {
        if (left.Length != right.Length)
            return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (!near(left[i], right[i]))
                return false;
        }
        return true;
    }
}
