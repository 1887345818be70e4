using Observability.Model;
using Observability.PromQL.Functions.Windows;
using Observability.PromQL.Histograms;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;

namespace Observability.PromQL.Evaluation.Vectors;

/// <summary>What a selector gives at each step of the newest sample.</summary>
internal enum SelectedAspect
{
    Value,

    /// <summary>Its time in seconds.</summary>
    Timestamp,

    /// <summary>When its counter was created, in seconds; 0 where that is not known.</summary>
    StartTimestamp,
}

/// <summary>An instant vector selector: at each step the newest sample that is younger than the lookback, unless it is a stale marker.</summary>
internal sealed class SelectedVector(StepGrid grid, Selection selection, SelectedAspect aspect, bool smoothed) : StepVector(grid)
{
    public override int Count => selection.Series.Count;

    public override bool HasUniqueNamelessLabels => Count <= 1 || selection.HasOneName;

    public override LabelSet LabelsOf(int series) => selection.Series[series].Labels;

    public override bool DropsName(int series) => aspect != SelectedAspect.Value;

    public override void Read(int series, StepRow row, Worker worker)
    {
        SeriesSamples samples = worker.RentSamples();
        selection.Read(series, samples);
        row.ClearHistograms();
        if (smoothed)
            Smooth(series, samples, row);
        else if (samples.Histograms.IsEmpty && aspect == SelectedAspect.Value)
            PickFloats(samples.Floats.TimestampsMs, samples.Floats.Values, row.Values);
        else
            Pick(samples, row);
        selection.Touch(row, samples);
        worker.Return(samples);
    }

    private void PickFloats(ReadOnlySpan<long> times, ReadOnlySpan<double> values, double[] into)
    {
        int next = 0;
        for (int step = 0; step < into.Length; step++)
        {
            long at = selection.TimeOf(Grid, step);
            while (next < times.Length && times[next] <= at)
                next++;
            into[step] = next > 0 && times[next - 1] > at - selection.LookbackMs ? values[next - 1] : StaleMarker.Value;
        }
    }

    private void Pick(SeriesSamples samples, StepRow row)
    {
        ReadOnlySpan<long> times = samples.Floats.TimestampsMs;
        ReadOnlySpan<double> values = samples.Floats.Values;
        ReadOnlySpan<HistogramPoint> histograms = samples.Histograms;
        int nextFloat = 0, nextHistogram = 0;
        for (int step = 0; step < row.Values.Length; step++)
        {
            row.Values[step] = StaleMarker.Value;
            long at = selection.TimeOf(Grid, step), oldest = at - selection.LookbackMs;
            while (nextFloat < times.Length && times[nextFloat] <= at)
                nextFloat++;
            while (nextHistogram < histograms.Length && histograms[nextHistogram].TimestampMs <= at)
                nextHistogram++;
            long floatTime = nextFloat > 0 ? times[nextFloat - 1] : long.MinValue;
            long histogramTime = nextHistogram > 0 ? histograms[nextHistogram - 1].TimestampMs : long.MinValue;
            if (Math.Max(floatTime, histogramTime) <= oldest)
                continue;
            bool isFloat = floatTime >= histogramTime;
            FloatHistogram? histogram = isFloat ? null : histograms[nextHistogram - 1].Histogram;
            if (StepValue.IsAbsent(histogram is null ? values[nextFloat - 1] : histogram.Sum))
                continue;
            switch (aspect)
            {
                case SelectedAspect.Timestamp:
                    row.Values[step] = Math.Max(floatTime, histogramTime) / 1000.0;
                    break;
                case SelectedAspect.StartTimestamp:
                    ReadOnlySpan<long> starts = isFloat ? samples.FloatStartsMs : samples.HistogramStartsMs;
                    int place = (isFloat ? nextFloat : nextHistogram) - 1;
                    row.Values[step] = place < starts.Length ? starts[place] / 1000.0 : 0;
                    break;
                default:
                    if (histogram is null)
                        row.Values[step] = values[nextFloat - 1];
                    else
                        row.Set(step, histogram);
                    break;
            }
        }
    }

    /// <summary>Between two samples what lies on the line between them; behind the last one its value for the lookback.</summary>
    private void Smooth(int series, SeriesSamples raw, StepRow row)
    {
        ReadOnlySpan<long> times = raw.Floats.TimestampsMs;
        ReadOnlySpan<double> values = raw.Floats.Values;
        ReadOnlySpan<HistogramPoint> histograms = raw.Histograms;
        for (int step = 0; step < row.Values.Length; step++)
        {
            row.Values[step] = StaleMarker.Value;
            long at = selection.TimeOf(Grid, step), oldest = at - selection.LookbackMs, newest = at + selection.LookbackMs;
            int behind = WindowSearch.FirstAfter(times, at), behindHistogram = WindowSearch.FirstAfter(histograms, at);
            int before = LastFloat(values, behind - 1), after = NextFloat(values, behind);
            if (before >= 0 && times[before] <= oldest)
                before = -1;
            if (after >= 0 && times[after] > newest)
                after = -1;
            int beforeHistogram = behindHistogram - 1;
            while (beforeHistogram >= 0 && StepValue.IsAbsent(histograms[beforeHistogram].Histogram.Sum))
                beforeHistogram--;
            if (beforeHistogram >= 0 && histograms[beforeHistogram].TimestampMs <= oldest)
                beforeHistogram = -1;
            int afterHistogram = behindHistogram;
            while (afterHistogram < histograms.Length && StepValue.IsAbsent(histograms[afterHistogram].Histogram.Sum))
                afterHistogram++;
            if (afterHistogram >= histograms.Length || histograms[afterHistogram].TimestampMs > newest)
                afterHistogram = -1;

            bool floats = before >= 0 || after >= 0, hasHistograms = beforeHistogram >= 0 || afterHistogram >= 0;
            if (floats && hasHistograms)
            {
                selection.NoteMixed(series);
                continue;
            }
            if (before >= 0)
            {
                row.Values[step] = after < 0 || times[before] == at ? values[before]
                    : values[before] + ((values[after] - values[before]) * (at - times[before]) / (times[after] - times[before]));
            }
            else if (beforeHistogram >= 0)
            {
                WindowNotes notes = WindowNotes.None;
                FloatHistogram? histogram = afterHistogram < 0 ? histograms[beforeHistogram].Histogram
                    : ExtendedHistogramRate.Interpolate(histograms[beforeHistogram], histograms[afterHistogram], at, isCounter: false, ref notes);
                if (notes.HasFlag(WindowNotes.MixedBucketSchemas))
                    selection.NoteMixedSchemas(series);
                if (histogram is not null)
                    row.Set(step, histogram);
            }
        }
    }

    private static int LastFloat(ReadOnlySpan<double> values, int place)
    {
        while (place >= 0 && StepValue.IsAbsent(values[place]))
            place--;
        return place;
    }

    private static int NextFloat(ReadOnlySpan<double> values, int place)
    {
        while (place < values.Length && StepValue.IsAbsent(values[place]))
            place++;
        return place < values.Length ? place : -1;
    }
}
