using BenchmarkDotNet.Attributes;
using Observability.PromQL;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.Benchmarks.PromQL;

/// <summary>How long do the queries of dashboards take, samples at hand?</summary>
[MemoryDiagnoser]
public class QueryBenchmarks
{
    private readonly QueryEngine _engine = new(new EngineOptions(), TimeProvider.System);
    private MemorySource _source = new(0, 0);
    private Expression _query = new NumberLiteral(0);

    [Params(2_000, 20_000)] // a tenant of many pods; a cluster
    public int Pods { get; set; }

    [Params(
        "up", "rate", "topk", "quantile", "join", "day", "subquery", "regex")]
    public string Query { get; set; } = "";

    internal static IReadOnlyDictionary<string, (string Text, int Minutes, int StepSeconds)> Queries { get; } = new Dictionary<string, (string, int, int)>
    {
        ["up"] = ("kube_pod_info", 0, 0),
        ["rate"] = ("sum(rate(cpu[5m])) by (namespace)", 60, 15),
        ["topk"] = ("topk(10, sum by (pod) (mem))", 60, 15),
        ["quantile"] = ("histogram_quantile(0.99, sum by (le) (rate(latency_bucket[5m])))", 60, 15),
        ["join"] = ("cpu / on (namespace, pod) group_left (host) kube_pod_info", 60, 60),
        ["day"] = ("sum by (namespace) (mem)", 6 * 60, 300),
        ["subquery"] = ("max_over_time(sum(rate(cpu[1m]))[1h:1m])", 60, 60),
        ["regex"] = ("""mem{pod=~"api-.*-7.*"}""", 60, 60),
    };

    [GlobalSetup]
    public void Load()
    {
        _source = new MemorySource(Pods, 6);
        _query = PromQlParser.Parse(Queries[Query].Text, ParserOptions.Default);
    }

    [Benchmark]
    public int Evaluate() => Run(_engine, _source, _query, Query).Series.Count;

    internal static QueryResult Run(QueryEngine engine, MemorySource source, Expression query, string name)
    {
        (string _, int minutes, int stepSeconds) = Queries[name];
        return minutes == 0
            ? engine.Instant(source, query, source.EndMs, QueryOptions.Default, CancellationToken.None)
            : engine.Range(source, query, source.EndMs - minutes * 60_000L, source.EndMs, stepSeconds * 1000L, QueryOptions.Default, CancellationToken.None);
    }
}
