using System.Globalization;
using Observability.Model;

namespace Observability.EndToEnd.Tests.Differential;

/// <summary>
/// An hour of samples every 15 s from a seed: counters that restart, gauges with gaps, classic histograms, an info metric, NaN. No sample stands
/// on a whole or half second, so that none stands on the edge of a window: Prometheus 2 takes a sample there and Prometheus 3 does not.
/// </summary>
internal sealed class GeneratedData
{
    private const int StepMs = 15_000;
    private const int Rows = 240;

    private readonly Random _random;
    private readonly List<GeneratedSeries> _series = [];

    private GeneratedData(int seed, DateTimeOffset end)
    {
        _random = new Random(seed);
        EndMs = end.ToUnixTimeMilliseconds() / 1000 * 1000;
        StartMs = EndMs - (Rows * StepMs);
    }

    public long StartMs { get; }

    public long EndMs { get; }

    public IReadOnlyList<GeneratedSeries> Series => _series;

    public static GeneratedData Make(int seed, DateTimeOffset end)
    {
        var data = new GeneratedData(seed, end);
        data.AddCounters();
        data.AddGauges();
        data.AddHistograms();
        data.AddConstants();
        return data;
    }

    /// <summary>The same samples as OpenMetrics text, for <c>promtool tsdb create-blocks-from openmetrics</c>.</summary>
    public void WriteOpenMetrics(TextWriter to)
    {
        foreach (IGrouping<string, GeneratedSeries> family in _series.GroupBy(series => series.Labels.MetricName))
        {
            to.Write($"# TYPE {family.Key} unknown\n");
            foreach (GeneratedSeries series in family)
            {
                foreach (Sample sample in series.Samples)
                {
                    to.Write(series.Labels.ToString());
                    to.Write(' ');
                    to.Write(double.IsNaN(sample.Value) ? "NaN" : sample.Value.ToString("R", CultureInfo.InvariantCulture));
                    to.Write(string.Create(CultureInfo.InvariantCulture, $" {sample.TimestampMs / 1000}.{sample.TimestampMs % 1000:000}\n"));
                }
            }
        }
        to.Write("# EOF\n");
    }

    private void AddCounters()
    {
        foreach ((string job, int instance) in Targets())
        {
            foreach (string code in new[] { "200", "404", "500" })
            {
                bool restarts = instance % 2 == 0, hasGaps = instance == 3;
                // Far from zero, where both versions extrapolate alike; one with gaps does not restart, for the same reason.
                double value = 100_000 + _random.Next(1_000_000);
                Add([("__name__", "d_requests_total"), .. Target(job, instance), ("code", code)], row =>
                {
                    if (restarts && _random.Next(80) == 0)
                        value = _random.Next(5);
                    value += _random.Next(200);
                    return hasGaps && row % 60 is > 20 and < 35 ? null : value;
                });
            }
        }
    }

    private void AddGauges()
    {
        int number = 0;
        foreach ((string job, int instance) in Targets())
        {
            // The last digits differ from series to series, so that no two values tie.
            double value = _random.Next(-50, 50), mark = ++number * 1e-5;
            Add([("__name__", "d_temperature"), .. Target(job, instance)], row =>
            {
                value += Math.Round(_random.NextDouble() * 4 - 2, 3);
                return instance == 2 && row % 80 is > 40 and < 70 ? null : Math.Round(value, 3) + mark;
            });
            double size = _random.Next(1_000_000, 1_000_000_000);
            Add([("__name__", "d_size_bytes"), .. Target(job, instance)], _ => size += _random.Next(-100_000, 100_000));
        }
        Add([("__name__", "d_odd"), ("instance", "1")], row => row % 7 == 0 ? double.NaN : row);
    }

    private void AddHistograms()
    {
        string[] bounds = ["0.1", "0.25", "0.5", "1.0", "2.5", "+Inf"];
        foreach ((string job, int instance) in Targets())
        {
            double[] counts = new double[bounds.Length];
            double sum = 1000;
            double[,] rows = new double[Rows, bounds.Length];
            double[] sums = new double[Rows];
            for (int row = 0; row < Rows; row++)
            {
                double cumulative = 0;
                for (int bound = 0; bound < bounds.Length; bound++)
                {
                    counts[bound] += _random.Next(bound == bounds.Length - 1 ? 2 : 40);
                    rows[row, bound] = (cumulative += counts[bound]) + 10_000 * (bound + 1);
                }
                sums[row] = sum += Math.Round(_random.NextDouble() * 20, 3);
            }
            for (int bound = 0; bound < bounds.Length; bound++)
            {
                int at = bound;
                Add([("__name__", "d_latency_seconds_bucket"), .. Target(job, instance), ("le", bounds[bound])], row => rows[row, at]);
            }
            Add([("__name__", "d_latency_seconds_count"), .. Target(job, instance)], row => rows[row, bounds.Length - 1]);
            Add([("__name__", "d_latency_seconds_sum"), .. Target(job, instance)], row => sums[row]);
        }
    }

    private void AddConstants()
    {
        foreach ((string job, int instance) in Targets())
        {
            Add([("__name__", "d_info"), .. Target(job, instance), ("version", $"1.{instance % 2}"), ("zone", job == "api" ? "a/1" : "b/1")], _ => 1);
            Add([("__name__", "d_replicas"), .. Target(job, instance)], row => instance + (row / 60 % 2));
        }
    }

    private void Add((string, string)[] labels, Func<int, double?> value)
    {
        int offsetMs = 7_300 + (_series.Count * 37 % 97); // never a whole or half second
        var samples = new List<Sample>(Rows);
        for (int row = 0; row < Rows; row++)
        {
            if (value(row) is { } number)
                samples.Add(new Sample(StartMs + (row * StepMs) + offsetMs, number));
        }
        _series.Add(new GeneratedSeries(LabelSet.Of([.. labels, ("tenant", "acme"), ("namespace", "acme-web")]), samples));
    }

    private static IEnumerable<(string Job, int Instance)> Targets() =>
        from job in new[] { "api", "db" } from instance in Enumerable.Range(1, 4) select (job, instance);

    private static (string, string)[] Target(string job, int instance) => [("job", job), ("instance", instance.ToString(CultureInfo.InvariantCulture))];
}
