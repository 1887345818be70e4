using Observability.Model;
using Observability.PromQL.Histograms;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Aggregation;

/// <summary>One group of an aggregation that needs no more than some numbers a step: sum, avg, min, max, count, group, stddev, stdvar.</summary>
internal sealed class StepAccumulator(Aggregator aggregator, int steps)
{
    // High and low bits of a sum, or count, mean and squares of a deviation; only those that the aggregator needs. Where there is no float yet, the
    // stale marker stands in the first.
    private readonly double[] _high = NewColumn(steps);
    private readonly double[] _low = aggregator is Aggregator.Sum or Aggregator.Avg ? new double[steps] : [];
    private readonly double[] _count = aggregator is Aggregator.Sum or Aggregator.Min or Aggregator.Max ? [] : new double[steps];
    private readonly double[] _squares = aggregator is Aggregator.Stddev or Aggregator.Stdvar ? new double[steps] : [];
    private bool[]? _incremental;
    private HistogramGroup?[]? _histograms;

    /// <summary>A series of the group that has a value has its name dropped.</summary>
    public bool DropsName { get; set; }

    /// <summary>Bytes that it takes.</summary>
    public long Bytes => 64 + (8L * (_high.Length + _low.Length + _count.Length + _squares.Length));

    /// <summary>Adds the floats of a series. Histograms are counted where they count, else left for <see cref="AddHistograms"/>.</summary>
    public void Add(StepRow row, AggregationNotes notes)
    {
        ReadOnlySpan<double> values = row.Values;
        switch (aggregator)
        {
            case Aggregator.Sum:
                AddToSums(values, _high, _low);
                break;
            case Aggregator.Avg:
                for (int step = 0; step < values.Length; step++)
                {
                    if (!StepValue.IsAbsent(values[step]))
                        AddToMean(step, values[step]);
                }
                break;
            case Aggregator.Min:
                for (int step = 0; step < values.Length; step++)
                {
                    double value = values[step];
                    if (!StepValue.IsAbsent(value) && (StepValue.IsAbsent(_high[step]) || value < _high[step] || double.IsNaN(_high[step])))
                        _high[step] = value;
                }
                break;
            case Aggregator.Max:
                for (int step = 0; step < values.Length; step++)
                {
                    double value = values[step];
                    if (!StepValue.IsAbsent(value) && (StepValue.IsAbsent(_high[step]) || value > _high[step] || double.IsNaN(_high[step])))
                        _high[step] = value;
                }
                break;
            case Aggregator.Count or Aggregator.Group:
                for (int step = 0; step < values.Length; step++)
                {
                    if (row.IsPresent(step))
                        _count[step]++;
                }
                return;
            default:
                for (int step = 0; step < values.Length; step++)
                {
                    if (!StepValue.IsAbsent(values[step]))
                        AddToSpread(step, values[step]);
                }
                break;
        }
        if (row.HasHistograms && aggregator is not (Aggregator.Sum or Aggregator.Avg))
            notes.HistogramIgnored();
    }

    /// <summary>Adds the histograms of a series, for sum and avg; called for series in their order.</summary>
    public void AddHistograms(FloatHistogram?[] histograms, string metricName, AggregationNotes notes)
    {
        _histograms ??= new HistogramGroup?[steps];
        for (int step = 0; step < histograms.Length; step++)
        {
            if (histograms[step] is not { } histogram)
                continue;
            if (_histograms[step] is not { } group)
                _histograms[step] = new HistogramGroup(new HistogramAccumulator(histogram, aggregator == Aggregator.Avg));
            else if (!group.Failed && !group.Sum.TryAdd(histogram))
            {
                group.Failed = true;
                notes.MixedBucketSchemas(metricName);
            }
        }
    }

    /// <summary>Adds a group of series that come behind these.</summary>
    public void Merge(StepAccumulator other)
    {
        DropsName |= other.DropsName;
        for (int step = 0; step < steps; step++)
        {
            if (other.IsEmpty(step))
                continue;
            if (IsEmpty(step))
            {
                Take(other, step);
                continue;
            }
            double count = other._count.Length > 0 ? other._count[step] : 0;
            switch (aggregator)
            {
                case Aggregator.Sum:
                    AddTo(step, other._high[step]);
                    if (double.IsFinite(other._high[step]))
                        AddTo(step, other._low[step]);
                    break;
                case Aggregator.Avg:
                    MergeMean(step, other);
                    break;
                case Aggregator.Min:
                    if (other._high[step] < _high[step] || double.IsNaN(_high[step]))
                        _high[step] = other._high[step];
                    break;
                case Aggregator.Max:
                    if (other._high[step] > _high[step] || double.IsNaN(_high[step]))
                        _high[step] = other._high[step];
                    break;
                case Aggregator.Count or Aggregator.Group:
                    _count[step] += count;
                    break;
                default:
                    double total = _count[step] + count, delta = other._high[step] - _high[step];
                    _squares[step] += other._squares[step] + (delta * delta * (_count[step] * count / total));
                    _high[step] += delta * count / total;
                    _count[step] = total;
                    break;
            }
        }
    }

    /// <summary>The result of the group at a step.</summary>
    public StepValue Result(int step, AggregationNotes notes)
    {
        if (_histograms?[step] is { } histograms)
        {
            if (!IsEmpty(step))
            {
                notes.MixedFloatsAndHistograms();
                return StepValue.Absent;
            }
            if (histograms.Sum.BoundsReconciled)
                notes.BoundsReconciled();
            if (histograms.Failed)
                return StepValue.Absent;
            if (histograms.Sum.CounterResetCollision)
                notes.CounterResetCollision();
            return histograms.Sum.Result().Compact();
        }
        if (IsEmpty(step))
            return StepValue.Absent;
        double count = _count.Length > 0 ? _count[step] : 0;
        return aggregator switch
        {
            Aggregator.Sum => double.IsInfinity(_high[step]) ? _high[step] : _high[step] + _low[step],
            Aggregator.Avg => _incremental?[step] == true ? _high[step] + _low[step] : (_high[step] / count) + (_low[step] / count),
            Aggregator.Count => count,
            Aggregator.Group => 1,
            Aggregator.Stddev => Math.Sqrt(_squares[step] / count),
            Aggregator.Stdvar => _squares[step] / count,
            _ => _high[step],
        };
    }

    private void Take(StepAccumulator other, int step)
    {
        if (_count.Length > 0)
            _count[step] = other._count[step];
        _high[step] = other._high[step];
        if (_low.Length > 0)
            _low[step] = other._low[step];
        if (_squares.Length > 0)
            _squares[step] = other._squares[step];
        if (other._incremental?[step] == true)
            (_incremental ??= new bool[steps])[step] = true;
    }

    private bool IsEmpty(int step) => _count.Length > 0 ? _count[step] == 0 : StepValue.IsAbsent(_high[step]);

    private static double[] NewColumn(int steps)
    {
        var column = new double[steps];
        Array.Fill(column, StaleMarker.Value);
        return column;
    }

    /// <summary>The error of each addition, exact, is added to the low bits (Knuth's way, which needs no comparison).</summary>
    private static void AddToSums(ReadOnlySpan<double> values, Span<double> high, Span<double> low)
    {
        high = high[..values.Length];
        low = low[..values.Length];
        for (int step = 0; step < values.Length; step++)
        {
            double value = values[step], before = high[step];
            if (StepValue.IsAbsent(value))
                continue;
            if (StepValue.IsAbsent(before))
            {
                high[step] = value;
                continue;
            }
            double sum = before + value;
            high[step] = sum;
            if (!double.IsFinite(sum))
                continue;
            double added = sum - before;
            low[step] += before - (sum - added) + (value - added);
        }
    }

    private void AddTo(int step, double value)
    {
        var sum = new CompensatedSum(_high[step], _low[step]);
        sum.Add(value);
        (_high[step], _low[step]) = (sum.High, sum.Low);
    }

    /// <summary>A sum that is divided at the end; from where it would overflow on, a mean.</summary>
    private void AddToMean(int step, double value)
    {
        double count = ++_count[step];
        if (count == 1)
        {
            _high[step] = value;
            return;
        }
        if (_incremental?[step] != true)
        {
            var sum = new CompensatedSum(_high[step], _low[step]);
            sum.Add(value);
            if (!double.IsInfinity(sum.High))
            {
                (_high[step], _low[step]) = (sum.High, sum.Low);
                return;
            }
            BecomeMean(step, count - 1);
        }
        double weight = (count - 1) / count;
        var mean = new CompensatedSum(weight * _high[step], weight * _low[step]);
        mean.Add(value / count);
        (_high[step], _low[step]) = (mean.High, mean.Low);
    }

    private void MergeMean(int step, StepAccumulator other)
    {
        double count = _count[step], otherCount = other._count[step], total = count + otherCount;
        bool otherIncremental = other._incremental?[step] == true;
        if (_incremental?[step] != true && !otherIncremental)
        {
            var sum = new CompensatedSum(_high[step], _low[step]);
            sum.Add(other._high[step]);
            if (!double.IsInfinity(sum.High))
            {
                sum.Add(other._low[step]);
                (_high[step], _low[step], _count[step]) = (sum.High, sum.Low, total);
                return;
            }
        }
        if (_incremental?[step] != true)
            BecomeMean(step, count);
        (double high, double low) = otherIncremental ? (other._high[step], other._low[step]) : (other._high[step] / otherCount, other._low[step] / otherCount);
        var mean = new CompensatedSum(_high[step] * (count / total), _low[step] * (count / total));
        mean.Add(high * (otherCount / total));
        mean.Add(low * (otherCount / total));
        (_high[step], _low[step], _count[step]) = (mean.High, mean.Low, total);
    }

    private void BecomeMean(int step, double count)
    {
        (_incremental ??= new bool[steps])[step] = true;
        _high[step] /= count;
        _low[step] /= count;
    }

    private void AddToSpread(int step, double value)
    {
        double count = ++_count[step];
        if (count == 1)
        {
            // Of infinities there is no spread, of one alone neither.
            (_high[step], _squares[step]) = (value, double.IsFinite(value) ? 0 : double.NaN);
            return;
        }
        double delta = value - _high[step];
        _high[step] += delta / count;
        _squares[step] += delta * (value - _high[step]);
    }

    private sealed class HistogramGroup(HistogramAccumulator sum)
    {
        public HistogramAccumulator Sum { get; } = sum;

        /// <summary>Exponential and custom buckets met.</summary>
        public bool Failed { get; set; }
    }
}
