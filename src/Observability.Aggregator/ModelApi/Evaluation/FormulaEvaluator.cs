using System.Runtime.InteropServices;
using Observability.Aggregator.ModelApi.Catalogue;
using Observability.Model;
using Observability.Storage;

namespace Observability.Aggregator.ModelApi.Evaluation;

/// <summary>
/// Computes a formula over the stored series of one object. What it answers depends on the scope's own series, the request and the
/// clock alone, and a point does not depend on the range that it was asked in.
/// </summary>
internal sealed class FormulaEvaluator(MetricStore store, TimeSpan resolution)
{
    private readonly long _stepMs = (long)resolution.TotalMilliseconds;

    /// <param name="scope">Whose series.</param>
    /// <param name="formula">What of them.</param>
    /// <param name="object">The matchers of the object, beside those of the formula's sources.</param>
    /// <param name="resourceId">Of a labelled metric the one asked for; null: all, summed.</param>
    /// <param name="range">At most <see cref="ModelOptions.MaxRange"/>, from 0 on, not beyond <paramref name="nowMs"/>.</param>
    /// <exception cref="ModelRequestException">The budget is spent.</exception>
    internal MetricValues Evaluate(TenantScope scope, MetricFormula formula, IReadOnlyList<Matcher> @object, string? resourceId,
        TimeRange range, long nowMs, EvaluationBudget budget, CancellationToken cancellationToken)
    {
        var reader = new SourceReader(store, scope, @object, resourceId, range, budget, cancellationToken);
        List<(SourceSeries Source, IReadOnlyList<SelectedSeries> Series)> plus = [];
        foreach (SourceSeries source in formula.Plus)
            plus.Add((source, reader.Select(source, formula.Kind, isTotal: IsTotal(formula))));

        long[] times = formula.Basis == TimeBasis.Grid ? GridTimes(range) : SampleTimes(plus, reader, range);
        var sums = new double[times.Length];
        var counts = new int[times.Length];
        bool hasSeries = false;
        long settledMs = long.MaxValue;
        foreach ((SourceSeries source, IReadOnlyList<SelectedSeries> series) in plus)
        {
            long newestOfAllMs = long.MaxValue;
            foreach (SelectedSeries member in series)
            {
                ReadOnlySpan<Sample> samples = reader.Read(member);
                hasSeries |= !samples.IsEmpty;
                if (samples is [.., var newest] && !StaleMarker.Is(newest.Value) && nowMs - newest.TimestampMs <= source.Sampling.BoundMs)
                    newestOfAllMs = Math.Min(newestOfAllMs, newest.TimestampMs);
                Add(formula, source, samples, times, sums, counts);
            }
            // Settled is what every live member has reported past; one that is late is waited for no longer than it can take.
            long waitedForMs = nowMs - source.Sampling.SettleMs;
            settledMs = Math.Min(settledMs, newestOfAllMs == long.MaxValue ? waitedForMs : Math.Max(waitedForMs, newestOfAllMs));
        }
        if (formula.Basis == TimeBasis.Samples)
            settledMs = long.MaxValue; // nothing is waited for: all that is summed was sampled together

        (double[] Sums, int[] Counts)? minus = formula.Minus is { } less ? SumGauges(less, reader, times) : null;
        (double[] Sums, int[] Counts)? over = formula.Over is { } divisor ? SumGauges(divisor, reader, times) : null;
        List<Sample> points = [];
        for (int i = 0; i < times.Length && times[i] <= settledMs; i++)
        {
            if (counts[i] == 0 || minus?.Counts[i] == 0 || over is { } by && !(by.Sums[i] > 0))
                continue;
            double value = Math.Max(0, sums[i] - (minus?.Sums[i] ?? 0)) * formula.Scale / (over?.Sums[i] ?? 1);
            if (formula.IsWhole)
                value = Math.Round(value);
            if (double.IsFinite(value))
                points.Add(new Sample(times[i], value));
        }
        budget.AddPoints(points.Count);
        return new MetricValues(hasSeries, points);
    }

    private static bool IsTotal(MetricFormula formula) => formula is { Kind: ValueKind.Cumulative, Basis: TimeBasis.Grid };

    private static void Add(MetricFormula formula, SourceSeries source, ReadOnlySpan<Sample> samples, long[] times, double[] sums, int[] counts)
    {
        switch (formula.Kind)
        {
            case ValueKind.Rate:
                SeriesValues.AddRate(samples, times, source.Sampling.BoundMs, sums, counts);
                break;
            case ValueKind.Age:
                SeriesValues.AddAge(samples, times, source.Sampling.BoundMs, sums, counts);
                break;
            case ValueKind.Cumulative when IsTotal(formula):
                SeriesValues.AddTotal(samples, times, sums, counts);
                break;
            default:
                SeriesValues.AddGauge(samples, times, source.Sampling.BoundMs, sums, counts);
                break;
        }
    }

    private static (double[] Sums, int[] Counts) SumGauges(SourceSeries source, SourceReader reader, long[] times)
    {
        var sums = new double[times.Length];
        var counts = new int[times.Length];
        foreach (SelectedSeries member in reader.Select(source, ValueKind.Gauge, isTotal: false))
            SeriesValues.AddGauge(reader.Read(member), times, source.Sampling.BoundMs, sums, counts);
        return (sums, counts);
    }

    /// <summary>The multiples of the resolution in the range.</summary>
    private long[] GridTimes(TimeRange range)
    {
        long first = (range.FromMs + _stepMs - 1) / _stepMs * _stepMs;
        long count = first > range.ToMs ? 0 : (range.ToMs - first) / _stepMs + 1;
        var times = new long[count];
        for (int i = 0; i < times.Length; i++)
            times[i] = first + i * _stepMs;
        return times;
    }

    /// <summary>The times in the range at which any of the series was sampled. Each once, ascending.</summary>
    private static long[] SampleTimes(List<(SourceSeries Source, IReadOnlyList<SelectedSeries> Series)> plus, SourceReader reader, TimeRange range)
    {
        List<long> times = [];
        int sources = 0;
        foreach (SelectedSeries member in plus.SelectMany(part => part.Series))
        {
            int before = times.Count;
            foreach (Sample sample in reader.Read(member))
            {
                if (range.Contains(sample.TimestampMs) && !StaleMarker.Is(sample.Value))
                    times.Add(sample.TimestampMs);
            }
            sources += times.Count > before ? 1 : 0;
        }
        if (sources < 2)
            return [.. times];
        times.Sort();
        int kept = 0;
        Span<long> all = CollectionsMarshal.AsSpan(times);
        for (int i = 0; i < all.Length; i++)
        {
            if (i == 0 || all[i] != all[kept - 1])
                all[kept++] = all[i];
        }
        return all[..kept].ToArray();
    }
}
