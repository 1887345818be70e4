using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Observability.PromQL.Evaluation.Functions;
using Observability.PromQL.Functions.Buckets;
using Observability.PromQL.Functions.Labels;
using Observability.PromQL.Functions.Values;

namespace Observability.PromQL.Functions;

/// <summary>The functions of instant vectors, by name. Those of range vectors are in <see cref="Windows.WindowFunctions"/>.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, Function> ByName = Table().ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryGet(string name, [MaybeNullWhen(false)] out Function function) => ByName.TryGetValue(name, out function);

    private static Dictionary<string, Function> Table()
    {
        var table = new Dictionary<string, Function>
        {
            ["clamp"] = new ClampFunction(1, 2),
            ["clamp_max"] = new ClampFunction(0, 1),
            ["clamp_min"] = new ClampFunction(1, 0),
            ["histogram_fraction"] = new FractionFunction(),
            ["histogram_quantile"] = new QuantileFunction(),
            ["histogram_quantiles"] = new QuantilesFunction(),
            ["label_join"] = new LabelJoinFunction(),
            ["label_replace"] = new LabelReplaceFunction(),
            ["round"] = new RoundFunction(),
            ["sort"] = new SortFunction(descending: false),
            ["sort_by_label"] = new SortByLabelFunction(descending: false),
            ["sort_by_label_desc"] = new SortByLabelFunction(descending: true),
            ["sort_desc"] = new SortFunction(descending: true),
        };
        foreach ((string name, Func<double, double> compute) in FloatFunctions.ByName)
            table.Add(name, new FloatFunction(compute));
        foreach ((string name, Func<Histograms.FloatHistogram, double> compute) in HistogramValues.ByName)
            table.Add(name, new HistogramValueFunction(compute));
        return table;
    }
}
