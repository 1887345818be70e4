using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Observability.Model;

namespace Observability.Benchmarks.Model;

/// <summary>What a regular expression costs a selection, for each value that it looks at, against the linear-time engine of .NET.</summary>
[MemoryDiagnoser]
public class MatcherBenchmarks
{
    private const int Count = 2_000;

    private readonly string[] _pods = [.. Enumerable.Range(0, Count).Select(i => $"web-frontend-{i % 97}-7d9f8b6c5d-{i:x5}")];
    private Matcher _matcher = null!; // set by Setup
    private Regex _regex = null!; // set by Setup

    [Params("web-frontend-1|web-frontend-2", "web-.*", "(web|db)-.+", "web-[a-z]+-[0-9]+-.*", ".*\\bfrontend\\b.*")]
    public string Pattern { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _matcher = new Matcher("pod", MatchOperator.Regex, Pattern);
        _regex = new Regex($@"\A(?s:{Pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public int NonBacktracking() => _pods.Count(_regex.IsMatch);

    [Benchmark(OperationsPerInvoke = Count)]
    public int Match() => _pods.Count(_matcher.Matches);

    [Benchmark]
    public Matcher Compile() => new("pod", MatchOperator.Regex, Pattern);
}
