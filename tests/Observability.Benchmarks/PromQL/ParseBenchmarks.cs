using BenchmarkDotNet.Attributes;
using Observability.PromQL;
using Observability.PromQL.Syntax;

namespace Observability.Benchmarks.PromQL;

/// <summary>What reading a dashboard's query costs: asked for are 5 µs at most for <c>typical</c>.</summary>
[MemoryDiagnoser]
public class ParseBenchmarks
{
    private static readonly Dictionary<string, string> Queries = new()
    {
        ["simple"] = "up",
        ["typical"] = "sum by (namespace) (rate(container_cpu_usage_seconds_total{namespace=~\"a|b\",container!=\"\"}[5m]))",
        ["heavy"] = "histogram_quantile(0.99, sum by (le, service) (rate(http_request_duration_seconds_bucket{namespace=~\"web-.*\",code!~\"5..\"}[5m]))) " +
            "and on (service) (sum by (service) (rate(http_requests_total{namespace=~\"web-.*\"}[5m] offset 1h)) > 10)",
    };

    private Expression _parsed = null!; // set by Setup

    [Params("simple", "typical", "heavy")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _parsed = Parse();

    [Benchmark(Baseline = true)]
    public Expression Parse() => PromQlParser.Parse(Queries[Query], ParserOptions.Default);

    [Benchmark]
    public string Print() => Printer.Print(_parsed);
}
