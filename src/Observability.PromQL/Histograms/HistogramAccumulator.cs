namespace Observability.PromQL.Histograms;

/// <summary>
/// Adds up histograms with the low bits of every count kept apart, for <c>sum</c> and <c>avg</c>. A mean is the sum divided, until the
/// sum would overflow; from there on it is carried on as a mean. Used by one thread at a time.
/// </summary>
public sealed class HistogramAccumulator
{
    private static readonly FloatHistogram Nothing = new();

    private readonly bool _mean;
    private FloatHistogram _high;
    private FloatHistogram? _low;
    private bool _incremental, _resetSeen, _notResetSeen;

    /// <param name="first">The first histogram.</param>
    /// <param name="mean">The mean is asked for, so the sum may overflow.</param>
    public HistogramAccumulator(FloatHistogram first, bool mean)
    {
        (_high, _mean) = (first, mean);
        Note(first.CounterResetHint);
    }

    /// <summary>Histograms added, the first included.</summary>
    public long Count { get; private set; } = 1;

    /// <summary>Some histograms said that their counter restarted, and others that it did not.</summary>
    public bool CounterResetCollision => _resetSeen && _notResetSeen;

    /// <summary>Custom bounds differed; those that all have were kept.</summary>
    public bool BoundsReconciled { get; private set; }

    /// <returns>False where exponential meets custom buckets; nothing can be said of the group then.</returns>
    public bool TryAdd(FloatHistogram histogram)
    {
        Note(histogram.CounterResetHint);
        Count++;
        if (!_incremental)
        {
            if (!TryAddTo(_high, _low, histogram, out FloatHistogram high, out FloatHistogram low))
                return false;
            if (!_mean || !Overflows(high))
            {
                (_high, _low) = (high, low);
                return true;
            }
            _incremental = true;
            _high = _high.Divide(Count - 1);
            _low = _low?.Divide(Count - 1);
        }
        double weight = (double)(Count - 1) / Count;
        if (!TryAddTo(_high.Multiply(weight), _low?.Multiply(weight), histogram.Divide(Count), out FloatHistogram mean, out FloatHistogram meanLow))
            return false;
        (_high, _low) = (mean, meanLow);
        return true;
    }

    /// <summary>The sum, or the mean where that was asked for. Empty buckets are left out of neither.</summary>
    public FloatHistogram Result()
    {
        (FloatHistogram high, FloatHistogram? low) = _mean && !_incremental ? (_high.Divide(Count), _low?.Divide(Count)) : (_high, _low);
        if (low is null)
            return high;
        return high.Copy(
            high.CounterResetHint, high.ZeroCount + low.ZeroCount, high.Count + low.Count, high.Sum + low.Sum,
            SparseBuckets.Add(high.Positive, low.Positive, subtract: false), SparseBuckets.Add(high.Negative, low.Negative, subtract: false));
    }

    private void Note(CounterResetHint hint)
    {
        _resetSeen |= hint == CounterResetHint.Reset;
        _notResetSeen |= hint == CounterResetHint.NotReset;
    }

    private bool TryAddTo(FloatHistogram high, FloatHistogram? low, FloatHistogram other, out FloatHistogram sum, out FloatHistogram sumLow)
    {
        FloatHistogram aligned = high;
        (sum, sumLow) = (Nothing, Nothing);
        if (!HistogramArithmetic.TryAlign(ref aligned, ref other, out bool reconciled))
            return false;
        BoundsReconciled |= reconciled;
        low ??= Nothing;
        if (!ReferenceEquals(aligned, high) && !ReferenceEquals(low, Nothing))
        {
            // The low bits take the same way into the common layout as the counts that they belong to.
            low = aligned.UsesCustomBuckets
                ? HistogramLayout.WithBounds(low, aligned.CustomBounds)
                : HistogramLayout.InSchema(HistogramLayout.WithZeroThreshold(low, aligned.ZeroThreshold), aligned.Schema);
        }

        CounterResetHint hint = HistogramArithmetic.CombineHints(aligned.CounterResetHint, other.CounterResetHint, out _);
        CompensatedSum zero = Add(aligned.ZeroCount, low.ZeroCount, other.ZeroCount);
        CompensatedSum count = Add(aligned.Count, low.Count, other.Count);
        CompensatedSum total = Add(aligned.Sum, low.Sum, other.Sum);
        (SparseBuckets positive, SparseBuckets positiveLow) = SparseBuckets.AddCompensated(aligned.Positive, low.Positive, other.Positive);
        (SparseBuckets negative, SparseBuckets negativeLow) = SparseBuckets.AddCompensated(aligned.Negative, low.Negative, other.Negative);
        sum = aligned.Copy(hint, zero.High, count.High, total.High, positive, negative);
        sumLow = aligned.Copy(hint, zero.Low, count.Low, total.Low, positiveLow, negativeLow);
        return true;
    }

    private static CompensatedSum Add(double high, double low, double value)
    {
        var sum = new CompensatedSum(high, low);
        sum.Add(value);
        return sum;
    }

    private static bool Overflows(FloatHistogram histogram)
    {
        if (double.IsInfinity(histogram.ZeroCount) || double.IsInfinity(histogram.Count) || double.IsInfinity(histogram.Sum))
            return true;
        return AnyInfinite(histogram.Positive.Counts) || AnyInfinite(histogram.Negative.Counts) || AnyInfinite(histogram.CustomBounds.AsSpan());

        static bool AnyInfinite(ReadOnlySpan<double> values)
        {
            foreach (double value in values)
            {
                if (double.IsInfinity(value))
                    return true;
            }
            return false;
        }
    }
}
