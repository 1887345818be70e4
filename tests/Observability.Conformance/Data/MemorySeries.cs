using Observability.Model;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;

namespace Observability.Conformance.Data;

/// <summary>One series in memory. Samples can be added at any time of any order; a second one of a time replaces the first.</summary>
internal sealed class MemorySeries(LabelSet labels) : ISeries
{
    private readonly SortedList<long, StoredSample> _samples = [];
    private StoredSample[]? _hinted;

    public LabelSet Labels => labels;

    public void Add(StoredSample sample)
    {
        _samples[sample.TimestampMs] = sample;
        _hinted = null;
    }

    public void Read(TimeRange range, SeriesSamples into)
    {
        foreach (StoredSample sample in _hinted ??= [.. Hinted(_samples.Values)])
        {
            if (!range.Contains(sample.TimestampMs))
                continue;
            if (sample.Histogram is { } histogram)
                into.Add(new HistogramPoint(sample.TimestampMs, histogram), sample.StartMs);
            else
                into.Add(sample.TimestampMs, sample.Value, sample.StartMs);
        }
    }

    /// <summary>
    /// Hints as Prometheus reads them back. Its chunks of counter histograms hold no reset, so all but the first of a chunk say so; of the first
    /// nothing is known, since the chunk before may be gone.
    /// </summary>
    private static IEnumerable<StoredSample> Hinted(IEnumerable<StoredSample> samples)
    {
        FloatHistogram? before = null;
        foreach (StoredSample sample in samples)
        {
            if (sample.Histogram is not { } histogram)
            {
                before = null;
                yield return sample;
                continue;
            }
            if (histogram.CounterResetHint == CounterResetHint.Gauge)
            {
                yield return sample;
            }
            else
            {
                bool continues = before is not null && before.CounterResetHint != CounterResetHint.Gauge &&
                    histogram.CounterResetHint != CounterResetHint.Reset && HasLayoutOf(before, histogram) &&
                    !histogram.WithHint(CounterResetHint.Unknown).DetectReset(before);
                yield return sample with { Histogram = histogram.WithHint(continues ? CounterResetHint.NotReset : CounterResetHint.Unknown) };
            }
            before = histogram;
        }
    }

    private static bool HasLayoutOf(FloatHistogram before, FloatHistogram histogram) =>
        before.Schema == histogram.Schema && before.ZeroThreshold == histogram.ZeroThreshold &&
        before.CustomBounds.AsSpan().SequenceEqual(histogram.CustomBounds.AsSpan());
}
