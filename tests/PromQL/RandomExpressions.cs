using System.Globalization;
using Observability.PromQL.Functions.Signatures;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Testing;

/// <summary>What random queries are made of.</summary>
internal sealed record RandomExpressionOptions
{
    public IReadOnlyList<string> Metrics { get; init; } = ["requests_total", "memory_bytes", "up"];

    /// <summary>Label names with some of their values.</summary>
    public IReadOnlyDictionary<string, string[]> Labels { get; init; } = new Dictionary<string, string[]>
    {
        ["namespace"] = ["web", "batch", "web-canary"],
        ["pod"] = ["a-0", "a-1", "b-0"],
        ["le"] = ["0.5", "1", "+Inf"],
    };

    /// <summary>Which functions may be called.</summary>
    public Func<FunctionSignature, bool> MayCall { get; init; } = _ => true;

    /// <summary>Fill modifiers, anchored and smoothed selectors, trim operators, computed durations and experimental aggregators.</summary>
    public bool Experimental { get; init; } = true;

    /// <summary>Deepest nesting of operators and calls.</summary>
    public int MaxDepth { get; init; } = 4;
}

/// <summary>Makes queries that parse, with types that fit, over all of the language. The same seed makes the same queries.</summary>
internal sealed class RandomExpressions(int seed, RandomExpressionOptions? options = null)
{
    private static readonly string[] Durations = ["1m", "5m", "30s", "1h", "90s", "2m30s", "1d"];
    private static readonly string[] Numbers = ["0", "1", "2.5", "-1", "0.9", "1e3", "0x1F", "Inf", "NaN", "5m"];

    private readonly Random _random = new(seed);
    private readonly RandomExpressionOptions _options = options ?? new();

    /// <summary>A query of an instant vector or, now and then, of a scalar, range vector or string.</summary>
    public string Next() => _random.Next(20) switch
    {
        0 => Scalar(_options.MaxDepth),
        1 => Matrix(_options.MaxDepth),
        2 => Text(),
        _ => Vector(_options.MaxDepth),
    };

    public string Vector(int depth)
    {
        if (depth <= 0)
            return Selector(modifiers: true);
        return _random.Next(10) switch
        {
            0 or 1 => Selector(modifiers: true),
            2 or 3 or 4 => Aggregation(depth),
            5 or 6 or 7 => Call(ExpressionType.Vector, depth),
            8 => $"{Pick("-", "+", "")}({Vector(depth - 1)})",
            _ => Binary(depth),
        };
    }

    public string Scalar(int depth) => depth <= 0 || Chance(2) ? Pick(Numbers)
        : Chance(2) ? Call(ExpressionType.Scalar, depth)
        : $"({Scalar(depth - 1)} {Pick("+", "-", "*", "/", "%", "^", "== bool", "< bool", "atan2")} {Scalar(depth - 1)})";

    public string Matrix(int depth)
    {
        if (depth <= 0 || !Chance(4))
            return $"{Selector(modifiers: false)}[{Duration()}]{(_options.Experimental ? Pick("", "", "", " anchored", " smoothed") : "")}{Modifiers()}";
        string operand = Vector(depth - 1);
        return $"({operand})[{Duration()}:{(Chance(2) ? "" : Duration())}]{Modifiers()}";
    }

    private string Text() => Pick("\"a\"", "'b \" \\'c\\''", "`d\\`", "\"\\u263a\\n\"", "\"$1\"", "\"\"");

    private string Selector(bool modifiers)
    {
        string name = Chance(10) ? "" : Pick(_options.Metrics);
        var matchers = new List<string>();
        if (name.Length == 0)
            matchers.Add(Chance(2) ? $"\"{Pick(_options.Metrics)}\"" : $"__name__=~\"{Pick(_options.Metrics)}|{Pick(_options.Metrics)}\"");
        for (int i = _random.Next(3); i > 0; i--)
        {
            string label = Pick([.. _options.Labels.Keys]), value = Pick(_options.Labels[label]);
            matchers.Add(label + Pick($"=\"{value}\"", $"!=\"{value}\"", $"=~\"{Quoted(value)}|{Quoted(Pick(_options.Labels[label]))}\"",
                $"!~\"{Quoted(value)}.*\"", "=~\".+\"", "=\"\"", "=~\"[a-z]+-[0-9]+\""));
        }
        string braces = matchers.Count > 0 || Chance(8) ? $"{{{string.Join(',', matchers)}}}" : "";
        return name + braces + (modifiers ? Modifiers() : "");
    }

    private static string Quoted(string value) => value.Replace("+", "\\\\+", StringComparison.Ordinal).Replace(".", "\\\\.", StringComparison.Ordinal);

    private string Modifiers()
    {
        string at = Chance(8) ? " @ " + Pick("0", "60", "120.5", "start()", "end()", "-5") : "";
        string offset = !Chance(8) ? "" : " offset " + (_options.Experimental && Chance(4) ? Pick("step()", "-range()", "+(1m + 30s)", "-(2 * 1m)", "max_of(1m, step())")
            : Pick("1m", "-30s", "5m", "90"));
        return Chance(2) ? at + offset : offset + at;
    }

    private string Duration() => _options.Experimental && Chance(8)
        ? Pick("1m + 30s", "step() + 1m", "(5m)", "2 * 1m", "max_of(step(), 1m)", "2 ^ 7", "1h % 50m", "min_of(range() + 1, 5m) / 2 + 1s")
        : Pick(Durations);

    private string Binary(int depth)
    {
        string left = Operand(depth), right = Operand(depth);
        string modifier = Chance(2) ? "" : Chance(2) ? $" on ({Labels()})" : $" ignoring ({Labels()})";
        switch (_random.Next(4))
        {
            case 0:
                return $"{left} {Pick("and", "or", "unless")}{modifier} {right}";
            case 1:
                string scalar = Scalar(1);
                return Chance(2) ? $"{left} {ArithmeticOrComparison()} {scalar}" : $"{scalar} {ArithmeticOrComparison()} {left}";
        }
        if (modifier.Length > 0 && Chance(3))
            modifier += right[0] == '(' ? Pick(" group_left (zone)", " group_right ()") : Pick(" group_left", " group_right"); // its labels, were it bare
        if (_options.Experimental && Chance(8))
            modifier += Pick(" fill (0)", " fill_left (1)", " fill_right (-Inf)", " fill_left (1) fill_right (2.5)", " fill (NaN)");
        return $"{left} {ArithmeticOrComparison()}{modifier} {right}";
    }

    private string Operand(int depth) => Chance(3) ? $"({Vector(depth - 1)})" : Chance(2) ? Selector(modifiers: true) : Call(ExpressionType.Vector, depth - 1);

    private string ArithmeticOrComparison() => Chance(2) ? Pick("+", "-", "*", "/", "%", "^", "atan2")
        : Chance(8) && _options.Experimental ? Pick("</", ">/") : Pick("==", "!=", "<", "<=", ">", ">=") + Pick("", " bool");

    private string Aggregation(int depth)
    {
        Aggregator aggregator = (Aggregator)_random.Next(_options.Experimental ? (int)Aggregator.LimitRatio + 1 : (int)Aggregator.LimitK);
        string modifier = Chance(3) ? "" : $" {Pick("by", "without")} ({Labels()}) ";
        string parameter = aggregator switch
        {
            Aggregator.CountValues => "\"value\", ",
            Aggregator.Quantile => Pick("0.5", "0.9", "-1") + ", ",
            Aggregator.LimitRatio => Pick("0.5", "-0.3") + ", ",
            >= Aggregator.TopK => Pick("1", "3", "scalar(up)") + ", ",
            _ => "",
        };
        string arguments = $"({parameter}{Vector(depth - 1)})";
        return aggregator.Text() + (Chance(2) ? modifier + arguments : arguments + modifier);
    }

    private string Call(ExpressionType type, int depth)
    {
        FunctionSignature[] fitting = [.. FunctionSignatures.All.Where(function => function.ReturnType == type && _options.MayCall(function)).OrderBy(function => function.Name, StringComparer.Ordinal)];
        if (fitting.Length == 0)
            return type == ExpressionType.Scalar ? Pick(Numbers) : Selector(modifiers: true);
        FunctionSignature picked = fitting[_random.Next(fitting.Length)];
        switch (picked.Name)
        {
            case "label_replace":
                return $"label_replace({Vector(depth - 1)}, \"to\", \"{Pick("$1", "${1}x", "a-$0")}\", \"{Pick([.. _options.Labels.Keys])}\", \"{Pick("(.*)", "(.)-(.)", "x|y")}\")";
            case "label_join":
                return $"label_join({Vector(depth - 1)}, \"to\", \"-\", \"{Pick([.. _options.Labels.Keys])}\", \"{Pick([.. _options.Labels.Keys])}\")";
            case "info":
                return Chance(2) ? $"info({Vector(depth - 1)})" : $"info({Vector(depth - 1)}, {{{Pick([.. _options.Labels.Keys])}=~\".+\"}})";
            case "sort_by_label" or "sort_by_label_desc":
                return $"{picked.Name}({Vector(depth - 1)}, \"{Pick([.. _options.Labels.Keys])}\")";
            case "histogram_quantiles":
                return $"histogram_quantiles({Vector(depth - 1)}, \"q\", 0.5, {Pick("0.9", "0.99")})";
        }
        int count = picked.ArgumentTypes.Length - (picked.Variadic != 0 && Chance(2) ? 1 : 0);
        return $"{picked.Name}({string.Join(", ", picked.ArgumentTypes.Take(count).Select(argument => argument switch
        {
            ExpressionType.Vector => Vector(depth - 1),
            ExpressionType.Matrix => Matrix(depth - 1),
            ExpressionType.String => Text(),
            _ => Scalar(depth - 1),
        }))})";
    }

    private string Labels() => string.Join(", ", _options.Labels.Keys.Where(_ => Chance(3)));

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(params IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seed {seed}");
}
