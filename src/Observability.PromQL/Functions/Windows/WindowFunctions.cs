using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Observability.PromQL.Functions.Windows;

/// <summary>The functions that take a range vector, by name. <c>absent_over_time</c> looks at all series at once and is not here.</summary>
internal static class WindowFunctions
{
    private static readonly FrozenDictionary<string, WindowFunction> ByName = new Dictionary<string, WindowFunction>
    {
        ["avg_over_time"] = OverTime.Average,
        ["changes"] = ChangesAndResets.Changes,
        ["count_over_time"] = OverTime.Count,
        ["delta"] = ExtrapolatedRate.Delta,
        ["deriv"] = FloatsOverTime.Slope,
        ["double_exponential_smoothing"] = FloatsOverTime.Smoothing,
        ["first_over_time"] = OverTime.First,
        ["idelta"] = LastTwo.Delta,
        ["increase"] = ExtrapolatedRate.Increase,
        ["irate"] = LastTwo.Rate,
        ["last_over_time"] = OverTime.Last,
        ["mad_over_time"] = FloatsOverTime.AbsoluteDeviation,
        ["max_over_time"] = FloatsOverTime.Max,
        ["min_over_time"] = FloatsOverTime.Min,
        ["predict_linear"] = FloatsOverTime.Predict,
        ["present_over_time"] = OverTime.Present,
        ["quantile_over_time"] = FloatsOverTime.Quantile,
        ["rate"] = ExtrapolatedRate.Rate,
        ["resets"] = ChangesAndResets.Resets,
        ["stddev_over_time"] = FloatsOverTime.Deviation,
        ["stdvar_over_time"] = FloatsOverTime.Variance,
        ["sum_over_time"] = OverTime.Sum,
        ["ts_of_first_over_time"] = OverTime.TimeOfFirst,
        ["ts_of_last_over_time"] = OverTime.TimeOfLast,
        ["ts_of_max_over_time"] = FloatsOverTime.TimeOfMax,
        ["ts_of_min_over_time"] = FloatsOverTime.TimeOfMin,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryGet(string name, [MaybeNullWhen(false)] out WindowFunction function) => ByName.TryGetValue(name, out function);

    /// <summary>Whether the result keeps the metric's name.</summary>
    public static bool KeepsName(string name) => name is "first_over_time" or "last_over_time";
}
