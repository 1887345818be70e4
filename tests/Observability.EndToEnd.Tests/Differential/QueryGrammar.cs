using System.Globalization;

namespace Observability.EndToEnd.Tests.Differential;

/// <summary>
/// Random queries over <see cref="GeneratedData"/>, from a seed, of what Prometheus 2.42 and 3.14 share. Left out is where 2.42 differs from 3.x:
/// functions of 3.x, the smoothing that was renamed, windows that end on a sample, subqueries that end on a step; <c>predict_linear</c> of a selector
/// with <c>@</c> (its window slides all the same), <c>atan2</c> on plain series (it keeps the name), deviations of a single NaN (0 there). And what no
/// two implementations share: ties in <c>topk</c>, dates of NaN, and remainders and sines of values that were computed before, which turn the last
/// digit into the first.
/// </summary>
internal sealed class QueryGrammar(GeneratedData data, int seed)
{
    private readonly Random _random = new(seed);

    public GeneratedQuery Next()
    {
        string text = _random.Next(20) == 0 ? Scalar(2) : Vector(3);
        long endMs = data.EndMs - _random.Next(0, 1_500) * 1000 + 500;
        if (_random.Next(5) < 2)
            return new GeneratedQuery(text, endMs, endMs, 0);
        return new GeneratedQuery(text, endMs - _random.Next(60, 1_500) * 1000, endMs, Pick(15, 30, 60, 77));
    }

    private string Vector(int depth)
    {
        if (depth == 0)
            return Selector(AnyMetric());
        return _random.Next(15) switch
        {
            0 => Selector(AnyMetric()),
            1 or 2 or 3 => Window(depth),
            4 or 5 or 6 => Aggregation(depth),
            7 => $"{Pick("abs", "ceil", "floor", "sgn", "exp", "sqrt", "ln", "log2", "log10", "deg", "rad", "atan", "sinh", "tanh", "acosh", "asinh", "timestamp")}({Vector(depth - 1)})",
            8 => _random.Next(5) switch
            {
                0 => $"clamp({Vector(depth - 1)}, {Number()}, {Number()})",
                1 => $"{Pick("clamp_min", "clamp_max")}({Vector(depth - 1)}, {Number()})",
                2 => $"round({Vector(depth - 1)}, {Pick("1", "0.25", "5", "0.001")})",
                3 => $"{Pick("sin", "cos", "tan")}({Selector("d_temperature")})",
                _ => $"{Pick("minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year")}({Pick("", Selector(Pick("d_size_bytes", "d_requests_total")))})",
            },
            9 => $"{Vector(depth - 1)} {Operator()} {Scalar(1)}",
            10 => $"{Scalar(1)} {Operator()} {Vector(depth - 1)}",
            11 or 12 => Binary(depth),
            13 => Labels(depth),
            _ => Special(depth),
        };
    }

    private string Window(int depth)
    {
        string metric = AnyMetric();
        string counter = Pick("d_requests_total", "d_latency_seconds_count", "d_latency_seconds_sum", "d_latency_seconds_bucket");
        return _random.Next(8) switch
        {
            0 or 1 or 2 => $"{Pick("rate", "increase", "irate")}({Range(counter)})",
            3 => $"{Pick("delta", "idelta", "deriv")}({Range(Gauge())})",
            4 => $"predict_linear({Bare(Gauge())}[{Pick("1m", "5m", "17m")}], {Pick("60", "3600", "-300")})",
            5 => $"quantile_over_time({Pick("0", "0.5", "0.9", "1", "0.123")}, {Range(metric)})",
            6 => $"{Pick("max", "min", "avg", "sum", "count", "last", "present")}_over_time({Subquery(depth)})",
            _ => $"{Pick("avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time", "stddev_over_time", "stdvar_over_time", "last_over_time", "present_over_time", "changes", "resets")}({Range(metric)})",
        };
    }

    private string Aggregation(int depth)
    {
        string grouping = _random.Next(3) switch
        {
            0 => "",
            1 => $" by ({Some("job", "instance", "code", "le", "zone")})",
            _ => $" without ({Some("job", "instance", "code", "le", "version")})",
        };
        return _random.Next(12) switch
        {
            0 => $"{Pick("topk", "bottomk")}{grouping} ({Pick("1", "2", "3", "100")}, {Selector(Gauge())})",
            1 => $"quantile{grouping} ({Pick("0", "0.25", "0.5", "0.9", "1")}, {Vector(depth - 1)})",
            2 => $"count_values{grouping} (\"value\", {Selector("d_replicas")})",
            3 => $"{Pick("stddev", "stdvar")}{grouping} ({Selector(Gauge())})",
            _ => $"{Pick("sum", "avg", "min", "max", "count", "group")}{grouping} ({Vector(depth - 1)})",
        };
    }

    private string Binary(int depth)
    {
        string on = Pick("instance", "job", "job, instance");
        string Side() => $"{Pick("sum", "avg", "max", "count")} by ({on}) ({Vector(depth - 1)})";
        return _random.Next(7) switch
        {
            0 => $"{Side()} {Pick(Operator(), "atan2")} {Side()}",
            1 => $"{Side()} {Operator()} on ({on}) {Side()}",
            2 => $"{Selector("d_requests_total")} {Pick("*", "+", "/")} on (job, instance) group_left ({Pick("version", "zone", "version, zone", "")}) d_info",
            3 => $"d_replicas {Pick("*", "+", "-")} on (job, instance) group_right () {Selector("d_requests_total")}",
            4 => $"{Vector(depth - 1)} {Pick("and", "unless", "or")} {Vector(depth - 1)}",
            5 => $"{Vector(depth - 1)} {Pick("and", "unless", "or")} {Pick("on", "ignoring")} ({on}) {Vector(depth - 1)}",
            _ => $"{Selector("d_temperature")} {Operator()} ignoring (code, version) {Selector(Pick("d_temperature", "d_size_bytes"))}",
        };
    }

    private string Labels(int depth) => _random.Next(3) switch
    {
        0 => $"label_replace({Vector(depth - 1)}, \"{Pick("to", "job", "zone")}\", \"{Pick("$1", "x-$1", "", "fixed")}\", \"{Pick("job", "zone", "instance", "absent")}\", \"{Pick("(.*)", "(a).*", "([a-z]+)/.*", "[0-9]+")}\")",
        1 => $"label_join({Vector(depth - 1)}, \"to\", \"{Pick("-", "", "/")}\", \"job\", \"instance\")",
        _ => $"label_replace({Selector(Gauge())}, \"instance\", \"i$1\", \"instance\", \"(.*)\")",
    };

    private string Special(int depth) => _random.Next(8) switch
    {
        0 => $"histogram_quantile({Pick("0", "0.5", "0.9", "0.99", "1", "-1", "2")}, sum by ({Pick("le", "le, job", "le, instance")}) (rate({Range("d_latency_seconds_bucket")})))",
        1 => $"histogram_quantile({Pick("0.1", "0.75")}, {Selector("d_latency_seconds_bucket")})",
        2 => $"absent({Selector(Pick("d_none", "d_temperature"))})",
        3 => $"absent_over_time({Range(Pick("d_none", "d_temperature"))})",
        4 => $"vector({Scalar(1)})",
        5 => $"{Pick("-", "7 % ", "2 ^ -")}{Selector(AnyMetric())}",
        6 => $"({Vector(depth - 1)})",
        _ => $"sort{Pick("", "_desc")}({Selector(Gauge())})",
    };

    private string Scalar(int depth) => depth == 0 ? Number() : _random.Next(6) switch
    {
        0 => $"scalar({Selector(Pick("d_temperature", "d_replicas"))})",
        1 => "time()",
        2 => $"({Scalar(depth - 1)} {Pick("+", "-", "*", "/", "%", "^")} {Number()})",
        3 => "pi()",
        _ => Number(),
    };

    private string Range(string metric) => $"{Bare(metric)}[{Pick("31s", "1m", "90s", "2m", "5m", "10m", "17m")}]{Modifier()}";

    private string Subquery(int depth)
    {
        // The window is no multiple of the step, so that it begins at no step.
        string inner = _random.Next(3) == 0 ? Selector(Gauge()) : _random.Next(2) == 0 ? $"rate({Bare("d_requests_total")}[{Pick("1m", "2m", "5m")}])" : $"sum by (job) ({Selector(AnyMetric())})";
        return depth < 2 ? $"{Bare(Gauge())}[5m]" : $"{inner}[{Pick("4m7s", "10m3s", "7m1s")}:{Pick("15s", "30s", "1m", "50s")}]{Modifier()}";
    }

    private string Selector(string metric) => Bare(metric) + Modifier();

    private string Bare(string metric) => metric + _random.Next(9) switch
    {
        0 => $"{{job=\"{Pick("api", "db", "none")}\"}}",
        1 => $"{{instance=~\"{Pick("1|2", "[2-4]", ".*", ".+", "1.?", "")}\"}}",
        2 => $"{{instance!~\"{Pick("1|2", "[34]", "")}\"}}",
        3 => $"{{job!=\"{Pick("api", "db", "")}\", instance!=\"4\"}}",
        4 => "{zone=\"\"}",
        _ => "",
    };

    private string Modifier() => _random.Next(14) switch
    {
        0 => $" offset {Pick("1m", "37s", "5m", "-1m")}",
        1 => string.Create(CultureInfo.InvariantCulture, $" @ {(data.EndMs / 1000) - _random.Next(60, 1800)}.5"),
        2 => Pick(" @ start()", " @ end()"),
        3 => string.Create(CultureInfo.InvariantCulture, $" @ {(data.EndMs / 1000) - _random.Next(60, 900)}.5 offset 2m"),
        _ => "",
    };

    private string Operator() => Pick("+", "-", "*", "/", "^", ">", "<", ">=", "<=", "==", "!=", "> bool", "<= bool", "== bool", "!= bool");

    private string Number() => Pick("0", "1", "2", "0.5", "-3", "10", "1e3", "100");

    private string AnyMetric() => Pick("d_requests_total", "d_temperature", "d_size_bytes", "d_latency_seconds_bucket", "d_latency_seconds_count", "d_info", "d_replicas", "d_odd", "d_none");

    private string Gauge() => Pick("d_temperature", "d_size_bytes");

    private string Some(params string[] from) => string.Join(", ", from.Where(_ => _random.Next(2) == 0));

    private T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];
}
