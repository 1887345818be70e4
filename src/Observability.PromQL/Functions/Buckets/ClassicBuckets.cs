using Observability.PromQL.Histograms;

namespace Observability.PromQL.Functions.Buckets;

/// <summary>A classic histogram at one step: cumulative counts up to each bound, bounds rising. Used again for each step.</summary>
internal sealed class ClassicBuckets
{
    private readonly List<(double Bound, double Count)> _buckets = [];
    private double _firstFallen, _lastFallen, _greatestFall;

    /// <summary>Something to interpolate: the last bucket is open.</summary>
    private bool EndsOpen => _buckets.Count > 0 && double.IsPositiveInfinity(_buckets[^1].Bound);

    public int Count => _buckets.Count;

    /// <summary>Counts fell where they must rise, by more than rounding does.</summary>
    public bool ForcedMonotonic { get; private set; }

    /// <summary>Where they fell, and by how much at most.</summary>
    public (double FirstBound, double LastBound, double MaxDifference) Fall => (_firstFallen, _lastFallen, _greatestFall);

    public void Clear()
    {
        _buckets.Clear();
        ForcedMonotonic = false;
        (_firstFallen, _lastFallen, _greatestFall) = (double.PositiveInfinity, double.NegativeInfinity, 0);
    }

    /// <param name="bound">Not below the one before; the same bound in another spelling adds up.</param>
    /// <param name="count">Of observations up to it.</param>
    public void Add(double bound, double count)
    {
        if (_buckets.Count > 0 && _buckets[^1].Bound == bound)
            _buckets[^1] = (bound, _buckets[^1].Count + count);
        else
            _buckets.Add((bound, count));
    }

    /// <summary>Lifts counts that are below those before them.</summary>
    public void EnsureMonotonic()
    {
        const double Rounding = 1e-12;
        for (int i = 1; i < _buckets.Count; i++)
        {
            double before = _buckets[i - 1].Count, count = _buckets[i].Count;
            if (IsNear(before, count, Rounding))
            {
                _buckets[i] = (_buckets[i].Bound, before);
            }
            else if (count < before)
            {
                ForcedMonotonic = true;
                _firstFallen = Math.Min(_firstFallen, _buckets[i].Bound);
                _lastFallen = Math.Max(_lastFallen, _buckets[i].Bound);
                _greatestFall = Math.Max(_greatestFall, before - count);
                _buckets[i] = (_buckets[i].Bound, before);
            }
        }
    }

    /// <summary>As <see cref="NativeQuantile.Quantile"/>, evenly within buckets.</summary>
    public double Quantile(double quantile)
    {
        if (double.IsNaN(quantile))
            return double.NaN;
        if (quantile is < 0 or > 1)
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        if (!EndsOpen || _buckets.Count < 2)
            return double.NaN;
        double all = _buckets[^1].Count;
        if (all == 0)
            return double.NaN;
        double rank = quantile * all;
        int place = 0;
        while (place < _buckets.Count - 1 && !(_buckets[place].Count >= rank))
            place++;
        if (place == _buckets.Count - 1)
            return _buckets[^2].Bound;
        (double end, double count) = _buckets[place];
        if (place == 0)
            return end <= 0 ? end : end * (rank / count);
        (double start, double below) = _buckets[place - 1];
        return start + (end - start) * ((rank - below) / (count - below));
    }

    /// <summary>As <see cref="NativeQuantile.Fraction"/>, evenly within buckets.</summary>
    public double Fraction(double lower, double upper)
    {
        if (!EndsOpen)
            return double.NaN;
        double all = _buckets[^1].Count;
        if (all == 0 || double.IsNaN(lower) || double.IsNaN(upper))
            return double.NaN;
        return lower >= upper ? 0 : (Rank(upper, all) - Rank(lower, all)) / all;
    }

    /// <summary>How many observations are below a value.</summary>
    private double Rank(double value, double all)
    {
        double below = 0;
        for (int i = 0; i < _buckets.Count; i++)
        {
            (double end, double count) = _buckets[i];
            double start = i > 0 ? _buckets[i - 1].Bound : end > 0 ? 0 : double.NegativeInfinity;
            if (start >= value)
                return below;
            if (end > value)
            {
                // An open bucket cannot be divided: all of it lies at its bound.
                double part = double.IsNegativeInfinity(start) ? 1 : double.IsPositiveInfinity(end) ? 0 : (value - start) / (end - start);
                return Math.Min(all, below + (count - below) * part);
            }
            below = count;
        }
        return all;
    }

    private static bool IsNear(double left, double right, double tolerance)
    {
        if (left == right)
            return true;
        double size = Math.Abs(left) + Math.Abs(right), difference = Math.Abs(left - right);
        const double MinNormal = 2.2250738585072014e-308;
        if (left == 0 || right == 0 || size < MinNormal)
            return difference < tolerance * MinNormal;
        return difference / Math.Min(size, double.MaxValue) < tolerance;
    }
}
