using System.Diagnostics;
using System.Globalization;
using Observability.PromQL;
using Observability.PromQL.Results;
using Observability.PromQL.Syntax;

namespace Observability.Benchmarks.PromQL;

/// <summary><c>queries PODS RUNS</c>: the queries once each after warming up, for a first look.</summary>
internal static class QueryRun
{
    public static int Run(string[] arguments)
    {
        int pods = int.Parse(arguments[0], CultureInfo.InvariantCulture), runs = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        var source = new MemorySource(pods, 6);
        var engine = new QueryEngine(new EngineOptions { MaxBytes = 8L << 30 }, TimeProvider.System);
        Console.WriteLine($"{source.SeriesCount} series");
        foreach (string name in QueryBenchmarks.Queries.Keys.Where(name => arguments.Length < 3 || name == arguments[2]))
        {
            Expression query = PromQlParser.Parse(QueryBenchmarks.Queries[name].Text, ParserOptions.Default);
            var times = new List<double>();
            double cpuMs = 0;
            QueryResult? result = null;
            long allocated = 0;
            for (int run = 0; run < runs; run++)
            {
                long before = GC.GetTotalAllocatedBytes();
                TimeSpan cpu = Environment.CpuUsage.TotalTime;
                long started = Stopwatch.GetTimestamp();
                result = QueryBenchmarks.Run(engine, source, query, name);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                cpuMs = run == 0 ? double.MaxValue : Math.Min(cpuMs, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
                allocated = GC.GetTotalAllocatedBytes() - before;
            }
            times.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-10} median {times[times.Count / 2],8:F1} ms  best {times[0],8:F1} ms  least cpu {cpuMs,8:F1} ms  {allocated / 1048576.0,8:F1} MiB  {result!.Series.Count} series  {result.Statistics.SamplesRead} read"));
        }
        return 0;
    }
}
