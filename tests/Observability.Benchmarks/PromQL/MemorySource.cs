using Observability.Model;
using Observability.PromQL.Sources;

namespace Observability.Benchmarks.PromQL;

/// <summary>
/// Containers of 30 tenants in memory: cpu counters (with a restart now and then), memory gauges, request duration buckets, pod infos. Samples stand
/// every 15 s and are computed as they are read, at about the price of decoding them.
/// </summary>
internal sealed class MemorySource : ISeriesSource
{
    public const long StepMs = 15_000;

    private readonly Dictionary<string, List<MemorySeries>> _byName = new(StringComparer.Ordinal);

    /// <param name="pods">Each has 2 cpu, 1 memory and 1 info series; every tenth has 10 buckets too.</param>
    /// <param name="hours">Of samples, up to <see cref="EndMs"/>.</param>
    public MemorySource(int pods, int hours)
    {
        EndMs = 1_700_000_000_000 / StepMs * StepMs;
        int samples = hours * 240;
        var random = new Random(1);
        for (int pod = 0; pod < pods; pod++)
        {
            (string, string)[] labels =
            [
                ("tenant", $"tenant-{pod % 30}"), ("namespace", $"ns-{pod % 150}"), ("pod", $"api-{pod / 30}-7{pod}"), ("node", $"node-{pod % 50}"),
                ("job", "kubelet"), ("instance", $"10.0.0.{pod % 50}"),
            ];
            for (int container = 0; container < 2; container++)
                Add("cpu", [.. labels, ("container", $"c{container}")], Counter(random, samples));
            Add("mem", labels, Gauge(random, samples));
            Add("kube_pod_info", [labels[1], labels[2], ("host", $"node-{pod % 50}")], Constant(samples));
            if (pod % 10 != 0)
                continue;
            for (int bucket = 0; bucket < 10; bucket++)
                Add("latency_bucket", [.. labels, ("le", bucket == 9 ? "+Inf" : $"0.{bucket + 1}")], Counter(random, samples));
        }
    }

    public long EndMs { get; }

    public int SeriesCount => _byName.Values.Sum(series => series.Count);

    public IReadOnlyList<ISeries> Select(IReadOnlyList<Matcher> matchers, SelectHints hints, CancellationToken cancellationToken)
    {
        Matcher name = matchers.First(matcher => matcher.Name == LabelNames.MetricName);
        if (!_byName.TryGetValue(name.Value, out List<MemorySeries>? series))
            return [];
        return matchers.Count == 1 ? series : [.. series.Where(one => matchers.All(matcher => matcher.Matches(one.Labels[matcher.Name])))];
    }

    private static double[] Counter(Random random, int samples)
    {
        var values = new double[samples];
        double value = random.NextDouble() * 1000;
        for (int i = 0; i < samples; i++)
            values[i] = value = random.Next(2000) == 0 ? 0 : value + random.NextDouble();
        return values;
    }

    private static double[] Gauge(Random random, int samples)
    {
        var values = new double[samples];
        for (int i = 0; i < samples; i++)
            values[i] = 4096 * random.Next(10_000, 11_000);
        return values;
    }

    private static double[] Constant(int samples)
    {
        var values = new double[samples];
        Array.Fill(values, 1);
        return values;
    }

    private void Add(string name, (string, string)[] labels, double[] values)
    {
        if (!_byName.TryGetValue(name, out List<MemorySeries>? series))
            _byName.Add(name, series = []);
        series.Add(new MemorySeries(LabelSet.Of([(LabelNames.MetricName, name), .. labels]), EndMs - (values.Length - 1) * StepMs, values));
    }

    private sealed class MemorySeries(LabelSet labels, long startMs, double[] values) : ISeries
    {
        public LabelSet Labels { get; } = labels;

        public void Read(TimeRange range, SeriesSamples into)
        {
            int first = (int)Math.Clamp((range.FromMs - startMs + StepMs - 1) / StepMs, 0, values.Length);
            int end = range.ToMs < startMs ? 0 : (int)Math.Clamp((range.ToMs - startMs) / StepMs + 1, first, values.Length);
            if (end <= first)
                return;
            into.Floats.Extend(end - first, out Span<long> times, out Span<double> read);
            for (int i = 0; i < times.Length; i++)
                times[i] = startMs + (first + i) * StepMs;
            values.AsSpan(first, end - first).CopyTo(read);
        }
    }
}
