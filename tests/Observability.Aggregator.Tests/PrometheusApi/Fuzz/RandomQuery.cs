using System.Globalization;
using Observability.PromQL.Functions.Signatures;
using Observability.PromQL.Syntax;

namespace Observability.Aggregator.Tests.PrometheusApi.Fuzz;

/// <summary>
/// Random PromQL of the whole language that is well typed: every function by its signature, every operator, aggregator and modifier; selectors of
/// metrics that exist for one tenant, for another or for nobody.
/// </summary>
internal sealed class RandomQuery(Random random)
{
    private static readonly FunctionSignature[] Functions = [.. FunctionSignatures.All.OrderBy(function => function.Name, StringComparer.Ordinal)];
    private static readonly string[] Metrics = ["work_total", "memory_bytes", "le_bucket", "target_info", "up", "secret_v", "no_such"];
    private static readonly string[] Labels = ["pod", "namespace", "tenant", "node", "instance", "job", "le", "hidden", "__name__", "cluster"];
    private static readonly string[] Values = ["acme", "globex", "canary-v", "p1", "p2", "n1", "victim:9100", "acme-web", "globex-web", "0.5", ""];
    private static readonly string[] Patterns = [".*", ".+", "p.", "canary.*", "secret.*", "(acme|globex)", ".*v", "p1|p2|canary-v", "[^a]*"];
    private static readonly string[] Durations = ["1m", "45s", "5m", "10m", "1h", "30"];
    private static readonly string[] Scalars = ["0", "1", "2", "0.5", "-1", "NaN", "Inf", "1e9", "0.9", "3"];

    public string Vector(int depth) => Expression(ExpressionType.Vector, depth);

    /// <summary>An expression of any type.</summary>
    public string Any(int depth) => random.Next(10) switch
    {
        0 => Expression(ExpressionType.Scalar, depth),
        1 => Expression(ExpressionType.Matrix, depth),
        2 => Expression(ExpressionType.String, depth),
        _ => Expression(ExpressionType.Vector, depth),
    };

    public string Selector()
    {
        string matchers = string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => Matcher()));
        return random.Next(4) switch
        {
            0 => $"{{{Pick(["__name__=~\".+\"", "__name__!=\"\"", "pod!=\"\"", "namespace=~\".+\"", "tenant!=\"acme\"", "__name__=~\"secret.*\""])}{(matchers.Length > 0 ? "," + matchers : "")}}}",
            1 => $"{{\"{Pick(Metrics)}\"{(matchers.Length > 0 ? "," + matchers : "")}}}",
            _ => $"{Pick(Metrics)}{{{matchers}}}",
        };
    }

    public string Label() => Pick(Labels);

    private string Matcher() => random.Next(2) == 0
        ? $"{Label()}{Pick(["=", "!="])}\"{Pick(Values)}\""
        : $"{Label()}{Pick(["=~", "!~"])}\"{Pick(Patterns)}\"";

    private string Expression(ExpressionType type, int depth) => type switch
    {
        ExpressionType.Scalar => depth <= 0 || random.Next(3) == 0 ? Pick(Scalars) : Scalar(depth - 1),
        ExpressionType.String => $"\"{Pick(Values)}\"",
        ExpressionType.Matrix => Matrix(depth),
        _ => depth <= 0 ? Selector() + Modifier() : Operation(depth - 1),
    };

    private string Scalar(int depth) => random.Next(4) switch
    {
        0 => $"scalar({Vector(depth)})",
        1 => $"({Expression(ExpressionType.Scalar, depth)} {Pick(["+", "-", "*", "/", "^", "%"])} {Expression(ExpressionType.Scalar, depth)})",
        2 => Call(ExpressionType.Scalar, depth),
        _ => $"-{Pick(Scalars)}",
    };

    private string Matrix(int depth) => depth > 0 && random.Next(3) == 0
        ? $"({Vector(depth - 1)})[{Pick(Durations)}:{Pick(["", "15s", "1m"])}]{Modifier()}"
        : $"{Selector()}[{Pick(Durations)}]{Modifier()}";

    private string Modifier() => random.Next(8) switch
    {
        0 => $" offset {Pick(["1m", "-1m", "10m"])}",
        1 => $" @ {Pick(["1767268500", "start()", "end()", "1767268800"])}",
        _ => "",
    };

    private string Operation(int depth) => random.Next(10) switch
    {
        0 or 1 => $"({Vector(depth)} {Pick(["+", "-", "*", "/", "%", "^", "atan2", "==", "!=", "> bool", "<", ">="])} {Matching()}{Vector(depth)})",
        2 => $"({Vector(depth)} {Pick(["and", "or", "unless"])} {(random.Next(2) == 0 ? "" : $"on({Label()}) ")}{Vector(depth)})",
        3 => $"({Expression(ExpressionType.Scalar, depth)} {Pick(["+", "*", "<", "== bool"])} {Vector(depth)})",
        4 or 5 => Aggregation(depth),
        6 => $"-{Vector(depth)}",
        7 => $"label_replace({Vector(depth)}, \"{Label()}\", \"{Pick(["$1", "canary-v", "globex", "x"])}\", \"{Label()}\", \"{Pick(["(.*)", "p(.)", ".*"])}\")",
        _ => Call(ExpressionType.Vector, depth),
    };

    private string Matching() => random.Next(4) switch
    {
        0 => $"on({Label()}, {Label()}) group_left({Label()}) ",
        1 => $"ignoring({Label()}) ",
        2 => $"on({Label()}) group_right() ",
        _ => "",
    };

    private string Aggregation(int depth)
    {
        string grouping = random.Next(3) switch { 0 => "", 1 => $" by ({Label()}, {Label()})", _ => $" without ({Label()})" };
        return random.Next(3) switch
        {
            0 => $"{Pick(["topk", "bottomk", "quantile", "limitk", "limit_ratio"])}{grouping} ({Expression(ExpressionType.Scalar, depth + 1)}, {Vector(depth)})",
            1 => $"count_values{grouping} (\"{Label()}\", {Vector(depth)})",
            _ => $"{Pick(["sum", "avg", "count", "min", "max", "group", "stddev", "stdvar"])}{grouping} ({Vector(depth)})",
        };
    }

    private string Call(ExpressionType type, int depth)
    {
        FunctionSignature function;
        do
            function = Functions[random.Next(Functions.Length)];
        while (function.ReturnType != type);
        if (function.Name == "info" && random.Next(2) == 0)
            return $"info({Vector(depth)}, {{{Pick(["__name__=~\".+_info\"", "hidden=~\".*\"", "pod!=\"\""])}}})";
        int optional = function.Variadic == 0 ? 0 : 1;
        int count = Math.Max(0, function.ArgumentTypes.Length - (random.Next(2) * optional));
        return $"{function.Name}({string.Join(", ", function.ArgumentTypes.Take(count).Select(argument => Expression(argument, depth)))})";
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];

    /// <summary>A time near the data, or far from it.</summary>
    public string Time(long nowMs) => random.Next(8) switch
    {
        0 => "4",
        1 => "1e300",
        2 => (nowMs / 1000.0 + 600).ToString(CultureInfo.InvariantCulture),
        _ => ((nowMs - random.Next(1_200_000)) / 1000.0).ToString(CultureInfo.InvariantCulture),
    };
}
