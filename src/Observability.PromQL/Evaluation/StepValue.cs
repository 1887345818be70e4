using System.Runtime.CompilerServices;
using Observability.Model;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Evaluation;

/// <summary>What a series has at one step: a float, a histogram or nothing.</summary>
internal readonly struct StepValue
{
    private readonly double _float;

    public StepValue(double value) => _float = value;

    public StepValue(FloatHistogram histogram)
    {
        Histogram = histogram;
        _float = StaleMarker.Value;
    }

    /// <summary>Nothing.</summary>
    public static StepValue Absent { get; } = new(StaleMarker.Value);

    public FloatHistogram? Histogram { get; }

    /// <summary>Where <see cref="IsFloat"/>.</summary>
    public double Float => _float;

    public bool IsFloat => !IsAbsent(_float);

    public bool IsPresent => Histogram is not null || IsFloat;

    /// <summary>In columns of floats the stale marker stands for nothing: it never is a value, as no computation yields it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAbsent(double value) => BitConverter.DoubleToInt64Bits(value) == StaleMarker.Bits;

    public static implicit operator StepValue(double value) => new(value);

    public static implicit operator StepValue(FloatHistogram histogram) => new(histogram);
}
