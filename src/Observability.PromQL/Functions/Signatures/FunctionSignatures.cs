using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Functions.Signatures;

/// <summary>All functions of Prometheus 3.14.</summary>
public static class FunctionSignatures
{
    private const ExpressionType Scalar = ExpressionType.Scalar, Vector = ExpressionType.Vector, Matrix = ExpressionType.Matrix, Text = ExpressionType.String;

    private static readonly FrozenDictionary<string, FunctionSignature> ByName = Table().ToFrozenDictionary(signature => signature.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<FunctionSignature> All => ByName.Values;

    public static bool TryGet(string name, [MaybeNullWhen(false)] out FunctionSignature signature) => ByName.TryGetValue(name, out signature);

    private static List<FunctionSignature> Table()
    {
        var table = new List<FunctionSignature>();

        // Of each value by itself.
        Add(table, Vector, [Vector], "abs", "ceil", "exp", "floor", "ln", "log10", "log2", "sgn", "sqrt");
        Add(table, Vector, [Vector], "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "sin", "sinh", "tan", "tanh", "deg", "rad");
        Add(table, Vector, [Vector, Scalar, Scalar], "clamp");
        Add(table, Vector, [Vector, Scalar], "clamp_max", "clamp_min");
        Add(table, Vector, [Vector, Scalar], 1, "round");
        Add(table, Vector, [Vector], 1, "day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month", "year");
        Add(table, Vector, [Vector], "timestamp");
        Experimental(table, Vector, [Vector], 0, "start_timestamp");

        // Of a window.
        Add(table, Vector, [Matrix], "changes", "delta", "deriv", "idelta", "increase", "irate", "rate", "resets");
        Add(table, Vector, [Matrix], "absent_over_time", "avg_over_time", "count_over_time", "first_over_time", "last_over_time", "max_over_time",
            "min_over_time", "present_over_time", "stddev_over_time", "stdvar_over_time", "sum_over_time");
        Add(table, Vector, [Scalar, Matrix], "quantile_over_time");
        Add(table, Vector, [Matrix, Scalar], "predict_linear");
        Experimental(table, Vector, [Matrix, Scalar, Scalar], 0, "double_exponential_smoothing");
        Experimental(table, Vector, [Matrix], 0, "mad_over_time", "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time");

        // Of histograms.
        Add(table, Vector, [Vector], "histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum");
        Add(table, Vector, [Scalar, Scalar, Vector], "histogram_fraction");
        Add(table, Vector, [Scalar, Vector], "histogram_quantile");
        Experimental(table, Vector, [Vector, Text, Scalar, Scalar], 9, "histogram_quantiles");

        // Of labels and order.
        Add(table, Vector, [Vector], "absent", "sort", "sort_desc");
        Add(table, Vector, [Vector, Text, Text, Text, Text], "label_replace");
        Add(table, Vector, [Vector, Text, Text, Text], -1, "label_join");
        Experimental(table, Vector, [Vector, Text], -1, "sort_by_label", "sort_by_label_desc");
        Experimental(table, Vector, [Vector, Vector], 1, "info");

        // Of no series.
        Add(table, Scalar, [], "pi", "time");
        Add(table, Scalar, [Vector], "scalar");
        Add(table, Vector, [Scalar], "vector");
        Experimental(table, Scalar, [], 0, "end", "range", "start", "step");
        Experimental(table, Scalar, [Scalar, Scalar], 0, "max_of", "min_of");
        return table;
    }

    private static void Add(List<FunctionSignature> table, ExpressionType returns, ExpressionType[] takes, params ReadOnlySpan<string> names) =>
        Add(table, returns, takes, 0, names);

    private static void Add(List<FunctionSignature> table, ExpressionType returns, ExpressionType[] takes, int variadic, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            table.Add(new FunctionSignature(name, [.. takes], variadic, returns, IsExperimental: false));
    }

    private static void Experimental(List<FunctionSignature> table, ExpressionType returns, ExpressionType[] takes, int variadic, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            table.Add(new FunctionSignature(name, [.. takes], variadic, returns, IsExperimental: true));
    }
}
