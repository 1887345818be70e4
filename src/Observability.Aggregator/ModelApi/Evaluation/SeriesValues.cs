using Observability.Model;

namespace Observability.Aggregator.ModelApi.Evaluation;

/// <summary>
/// What one stored series is worth at given times. Each method adds the series to a running sum, so that a roll-up holds one
/// series' samples at a time. Samples are oldest first with stale markers; times are in milliseconds and ascending; at a time where
/// the series has no value, neither its sum nor its count moves.
/// </summary>
internal static class SeriesValues
{
    /// <summary>
    /// Longest time between two samples that a rate is taken over. Behind a longer hole the series counts as begun anew: what
    /// happened meanwhile is not known well enough to be drawn as a line.
    /// </summary>
    internal const long LongestRateGapMs = 300_000;

    /// <summary>A gauge: the newest sample at or before the time, unless it is older than the bound or the series ended.</summary>
    internal static void AddGauge(ReadOnlySpan<Sample> samples, ReadOnlySpan<long> times, long boundMs, Span<double> sums, Span<int> counts)
    {
        int newest = -1;
        for (int i = 0; i < times.Length; i++)
        {
            if (!TryNewest(samples, ref newest, times[i], boundMs, out double value))
                continue;
            sums[i] += value;
            counts[i]++;
        }
    }

    /// <summary>The time since the start that a series of start times (seconds since the epoch) tells, in seconds, never negative.</summary>
    internal static void AddAge(ReadOnlySpan<Sample> samples, ReadOnlySpan<long> times, long boundMs, Span<double> sums, Span<int> counts)
    {
        int newest = -1;
        for (int i = 0; i < times.Length; i++)
        {
            if (!TryNewest(samples, ref newest, times[i], boundMs, out double startSeconds) || startSeconds <= 0)
                continue;
            sums[i] += Math.Max(0, times[i] / 1000.0 - startSeconds);
            counts[i]++;
        }
    }

    /// <summary>
    /// A counter's rate in units per second, from the samples' own times: the rate between the two samples around the time (the
    /// older excluded, the newer included), or behind the newest pair its rate for as long as the bound allows.
    /// </summary>
    internal static void AddRate(ReadOnlySpan<Sample> samples, ReadOnlySpan<long> times, long boundMs, Span<double> sums, Span<int> counts)
    {
        int next = 0; // first sample at or after the time
        for (int i = 0; i < times.Length; i++)
        {
            long time = times[i];
            while (next < samples.Length && samples[next].TimestampMs < time)
                next++;
            bool has = TryRate(samples, next, out double rate);
            bool isBehind = next == samples.Length || samples[next].TimestampMs > time;
            if (!has && isBehind && next > 0 && time - samples[next - 1].TimestampMs <= boundMs)
                has = TryRate(samples, next - 1, out rate);
            if (!has)
                continue;
            sums[i] += rate;
            counts[i]++;
        }
    }

    /// <summary>
    /// A counter's running total: it starts at its first sample's value, goes on through resets and never falls; a series that ended
    /// keeps its last total. A counter that comes back behind a stale marker goes on when it is not smaller, and counts from zero when it is.
    /// </summary>
    internal static void AddTotal(ReadOnlySpan<Sample> samples, ReadOnlySpan<long> times, Span<double> sums, Span<int> counts)
    {
        int next = 0;
        double total = 0, last = 0;
        bool any = false;
        for (int i = 0; i < times.Length; i++)
        {
            for (; next < samples.Length && samples[next].TimestampMs <= times[i]; next++)
            {
                double value = samples[next].Value;
                if (!double.IsFinite(value))
                    continue;
                total += Increase(last, value);
                last = value;
                any = true;
            }
            if (!any)
                continue;
            sums[i] += total;
            counts[i]++;
        }
    }

    /// <param name="newest">Index of the newest sample at or before the last time asked; -1 at first.</param>
    private static bool TryNewest(ReadOnlySpan<Sample> samples, ref int newest, long time, long boundMs, out double value)
    {
        while (newest + 1 < samples.Length && samples[newest + 1].TimestampMs <= time)
            newest++;
        value = newest < 0 ? double.NaN : samples[newest].Value;
        return double.IsFinite(value) && time - samples[newest].TimestampMs <= boundMs; // a stale marker is not finite
    }

    /// <summary>The rate over the interval that ends with a sample; false where that interval says nothing.</summary>
    private static bool TryRate(ReadOnlySpan<Sample> samples, int end, out double rate)
    {
        rate = 0;
        if (end < 1 || end >= samples.Length)
            return false;
        (long fromMs, double from) = samples[end - 1];
        (long toMs, double to) = samples[end];
        long elapsedMs = toMs - fromMs;
        if (elapsedMs is <= 0 or > LongestRateGapMs || !double.IsFinite(from) || !double.IsFinite(to))
            return false;
        rate = Increase(from, to) * 1000 / elapsedMs;
        return true;
    }

    /// <summary>What a counter rose by. A smaller value says that it began again, from zero.</summary>
    private static double Increase(double from, double to) => Math.Max(0, to >= from ? to - from : to);
}
