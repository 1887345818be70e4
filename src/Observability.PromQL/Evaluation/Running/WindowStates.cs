using Observability.PromQL.Functions.Values;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Evaluation.Running;

/// <summary>Values whose sums stay far from infinity can be added in any order; others have to be in theirs.</summary>
internal static class Moderate
{
    public static bool Are(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!(Math.Abs(value) < 1e300)) // false for NaN
                return false;
        }
        return true;
    }
}

/// <summary><c>sum_over_time</c></summary>
internal struct SumState : IWindowState<SumState>
{
    private CompensatedSum _sum;

    public static SumState Of(double value) => new() { _sum = new CompensatedSum(value) };

    public static double Of(ReadOnlySpan<double> window)
    {
        var sum = new CompensatedSum(0);
        foreach (double value in window)
            sum.Add(value);
        return sum.Value;
    }

    public static bool IsExact(ReadOnlySpan<double> values) => Moderate.Are(values);

    public void Add(double value) => _sum.Add(value);

    public void Merge(in SumState behind)
    {
        _sum.Add(behind._sum.High);
        _sum.Add(behind._sum.Low);
    }

    public readonly double Result(int count) => _sum.Value;
}

/// <summary><c>avg_over_time</c></summary>
internal struct MeanState : IWindowState<MeanState>
{
    private CompensatedSum _sum;

    public static MeanState Of(double value) => new() { _sum = new CompensatedSum(value) };

    public static double Of(ReadOnlySpan<double> window) => FloatMean.Of(window);

    public static bool IsExact(ReadOnlySpan<double> values) => Moderate.Are(values);

    public void Add(double value) => _sum.Add(value);

    public void Merge(in MeanState behind)
    {
        _sum.Add(behind._sum.High);
        _sum.Add(behind._sum.Low);
    }

    public readonly double Result(int count) => (_sum.High / count) + (_sum.Low / count);
}

/// <summary><c>min_over_time</c>: NaN only where all are.</summary>
internal struct MinState : IWindowState<MinState>
{
    private double _min;

    public static MinState Of(double value) => new() { _min = value };

    public static double Of(ReadOnlySpan<double> window)
    {
        MinState state = Of(window[0]);
        foreach (double value in window[1..])
            state.Add(value);
        return state._min;
    }

    public static bool IsExact(ReadOnlySpan<double> values) => true;

    public void Add(double value)
    {
        if (value < _min || double.IsNaN(_min))
            _min = value;
    }

    public void Merge(in MinState behind) => Add(behind._min);

    public readonly double Result(int count) => _min;
}

/// <summary><c>max_over_time</c>: NaN only where all are.</summary>
internal struct MaxState : IWindowState<MaxState>
{
    private double _max;

    public static MaxState Of(double value) => new() { _max = value };

    public static double Of(ReadOnlySpan<double> window)
    {
        MaxState state = Of(window[0]);
        foreach (double value in window[1..])
            state.Add(value);
        return state._max;
    }

    public static bool IsExact(ReadOnlySpan<double> values) => true;

    public void Add(double value)
    {
        if (value > _max || double.IsNaN(_max))
            _max = value;
    }

    public void Merge(in MaxState behind) => Add(behind._max);

    public readonly double Result(int count) => _max;
}

/// <summary>Count, mean and squared distances from it, mergeable (Chan, Golub, LeVeque 1979), with low bits kept.</summary>
internal struct Spread
{
    public double Count;
    public CompensatedSum Mean, Squares;

    public void Add(double value)
    {
        Count++;
        double delta = value - (Mean.High + Mean.Low);
        Mean.Add(delta / Count);
        Squares.Add(delta * (value - (Mean.High + Mean.Low)));
    }

    public void Merge(in Spread other)
    {
        double count = Count + other.Count, delta = other.Mean.High - Mean.High + (other.Mean.Low - Mean.Low);
        Squares.Add(other.Squares.High);
        Squares.Add(other.Squares.Low);
        Squares.Add(delta * delta * (Count * other.Count / count));
        Mean.Add(delta * other.Count / count);
        Count = count;
    }
}

/// <summary><c>stdvar_over_time</c></summary>
internal struct VarianceState : IWindowState<VarianceState>
{
    private Spread _spread;

    public static VarianceState Of(double value) => new() { _spread = new Spread { Count = 1, Mean = new CompensatedSum(value) } };

    public static double Of(ReadOnlySpan<double> window)
    {
        var spread = new Spread();
        foreach (double value in window)
            spread.Add(value);
        return (spread.Squares.High + spread.Squares.Low) / spread.Count;
    }

    /// <summary>Squares overflow before sums do.</summary>
    public static bool IsExact(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!(Math.Abs(value) < 1e140)) // false for NaN
                return false;
        }
        return true;
    }

    public void Add(double value) => _spread.Add(value);

    public void Merge(in VarianceState behind) => _spread.Merge(behind._spread);

    public readonly double Result(int count) => (_spread.Squares.High + _spread.Squares.Low) / count;
}

/// <summary><c>stddev_over_time</c></summary>
internal struct DeviationState : IWindowState<DeviationState>
{
    private VarianceState _variance;

    public static DeviationState Of(double value) => new() { _variance = VarianceState.Of(value) };

    public static double Of(ReadOnlySpan<double> window) => Math.Sqrt(VarianceState.Of(window));

    public static bool IsExact(ReadOnlySpan<double> values) => VarianceState.IsExact(values);

    public void Add(double value) => _variance.Add(value);

    public void Merge(in DeviationState behind) => _variance.Merge(behind._variance);

    public readonly double Result(int count) => Math.Sqrt(_variance.Result(count));
}
