using System.Globalization;
using Observability.PromQL.Results;

namespace Observability.PromQL.Evaluation;

/// <summary>What a query holds and has used, against its limits. Safe for concurrent use.</summary>
internal sealed class QueryBudget(EngineOptions options, long maxSamples)
{
    private long _samples, _peakSamples, _bytes, _peakBytes, _samplesRead, _queryable, _series;

    public long PeakSamples => Volatile.Read(ref _peakSamples);

    public long PeakBytes => Volatile.Read(ref _peakBytes);

    public long SamplesRead => Volatile.Read(ref _samplesRead);

    public long QueryableSamples => Volatile.Read(ref _queryable);

    public long Series => Volatile.Read(ref _series);

    /// <summary>Holds more until it is released.</summary>
    /// <exception cref="QueryLimitException">More than the query may hold.</exception>
    public void Hold(long samples, long bytes)
    {
        long heldSamples = Interlocked.Add(ref _samples, samples), heldBytes = Interlocked.Add(ref _bytes, bytes);
        if (heldSamples > maxSamples)
        {
            throw new QueryLimitException(QueryLimit.Samples,
                $"query processing would load too many samples into memory in query execution: the limit is {Text(maxSamples)} samples at once");
        }
        if (heldBytes > options.MaxBytes)
            throw new QueryLimitException(QueryLimit.Bytes, $"query would hold more memory than a query may: the limit is {Text(options.MaxBytes)} bytes");
        Raise(ref _peakSamples, heldSamples);
        Raise(ref _peakBytes, heldBytes);
    }

    public void Release(long samples, long bytes)
    {
        Interlocked.Add(ref _samples, -samples);
        Interlocked.Add(ref _bytes, -bytes);
    }

    /// <summary>Holds a series of an intermediate vector: what its columns take, whether they are full or not.</summary>
    public void Hold(StepSeries series)
    {
        (long samples, long bytes) = SizeOf(series);
        Hold(samples, bytes);
    }

    /// <summary>Releases series that the next operator has used up.</summary>
    public void Release(IReadOnlyList<StepSeries> used)
    {
        foreach (StepSeries series in used)
        {
            (long samples, long bytes) = SizeOf(series);
            Release(samples, bytes);
        }
    }

    /// <param name="read">Samples that came from the source.</param>
    /// <param name="queryable">Samples that steps used.</param>
    /// <exception cref="QueryLimitException">The query has read more than it may.</exception>
    public void Touch(long read, long queryable)
    {
        Interlocked.Add(ref _queryable, queryable);
        if (Interlocked.Add(ref _samplesRead, read) > options.MaxSamplesRead)
            throw new QueryLimitException(QueryLimit.SamplesRead, $"query reads too many samples: the limit is {Text(options.MaxSamplesRead)} samples");
    }

    /// <exception cref="QueryLimitException">The query has more series than it may.</exception>
    public void AddSeries(long series)
    {
        if (Interlocked.Add(ref _series, series) > options.MaxSeries)
            throw new QueryLimitException(QueryLimit.Series, $"query selects or makes too many series: the limit is {Text(options.MaxSeries)} series");
    }

    private static (long Samples, long Bytes) SizeOf(StepSeries series)
    {
        long samples = series.Values.Length, bytes = (8L * series.Values.Length) + 64;
        if (series.Histograms is not { } histograms)
            return (samples, bytes);
        foreach (Histograms.FloatHistogram? histogram in histograms)
            samples += histogram is null ? 0 : SampleSize.Of(histogram) - 1;
        return (samples, bytes + (8L * histograms.Length));
    }

    private static string Text(long limit) => limit.ToString(CultureInfo.InvariantCulture);

    private static void Raise(ref long peak, long value)
    {
        long before = Volatile.Read(ref peak);
        while (value > before)
        {
            long seen = Interlocked.CompareExchange(ref peak, value, before);
            if (seen == before)
                return;
            before = seen;
        }
    }
}
