using System.Collections.Concurrent;
using Observability.Model;
using Observability.PromQL.Evaluation.Running;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Functions;
using Observability.PromQL.Functions.Windows;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Ranges;

/// <summary>A function of a range vector: each window of each series gives one value.</summary>
internal sealed class WindowVector : StepVector
{
    private readonly QueryContext _query;
    private readonly CallExpression _call;
    private readonly RangeVector _range;
    private readonly WindowFunction _function;
    private readonly RunningFunction? _running;
    private readonly double[][] _parameters;
    private readonly bool _keepsName;
    private readonly ConcurrentDictionary<(WindowNotes Notes, string Name), LabelSet> _notes = [];

    public WindowVector(QueryContext query, CallExpression call, RangeVector range, WindowFunction function, double[][] parameters) : base(range.Grid)
    {
        (_query, _call, _range, _function, _parameters) = (query, call, range, function, parameters);
        _keepsName = WindowFunctions.KeepsName(call.Function.Name);
        if (!range.Anchored && !range.Smoothed && parameters.Length == 0)
            _running = RunningFunction.Of(call.Function.Name);
        query.AtEnd(Report);
    }

    public override int Count => _range.Count;

    public override bool HasUniqueNamelessLabels => _range.HasUniqueNamelessLabels;

    public override LabelSet LabelsOf(int series) => _range.LabelsOf(series);

    public override bool DropsName(int series) => !_keepsName || _range.DropsName(series);

    public override void Read(int series, StepRow row, Worker worker)
    {
        SeriesSamples samples = worker.RentSamples();
        _range.Load(series, samples, worker);
        row.Clear();
        if (samples.Floats.Count > 0 || !samples.Histograms.IsEmpty)
        {
            WindowNotes notes = EvaluateAll(samples, row);
            if (notes != WindowNotes.None)
                Note(notes, LabelsOf(series));
        }
        worker.Return(samples);
    }

    private WindowNotes EvaluateAll(SeriesSamples samples, StepRow row)
    {
        if (_running is not null && !_range.IsFixed && samples.Histograms.IsEmpty && (!_query.Options.UseStartTimestamps || samples.FloatStartsMs.IsEmpty))
        {
            WindowNotes notes = WindowNotes.None;
            var windows = new RunningWindows(Grid, _range.WindowEnd(0), _range.RangeMs, _query.CancellationToken);
            long used = _running.Evaluate(windows, samples.Floats.TimestampsMs, samples.Floats.Values, row.Values, ref notes);
            _range.Touch(samples, used);
            return notes;
        }
        return EvaluateEach(samples, row);
    }

    private WindowNotes EvaluateEach(SeriesSamples samples, StepRow row)
    {
        ReadOnlySpan<long> times = samples.Floats.TimestampsMs;
        ReadOnlySpan<double> values = samples.Floats.Values;
        ReadOnlySpan<HistogramPoint> histograms = samples.Histograms;
        bool useStarts = _query.Options.UseStartTimestamps;
        ReadOnlySpan<long> starts = useStarts ? samples.FloatStartsMs : [], histogramStarts = useStarts ? samples.HistogramStartsMs : [];
        int first = 0, end = 0, firstHistogram = 0, endHistogram = 0;
        long used = 0, looked = 0;
        Span<double> parameters = stackalloc double[_parameters.Length];
        WindowNotes notes = WindowNotes.None;
        for (int step = 0; step < Grid.Count; step++)
        {
            if (used - looked > 1 << 16)
            {
                looked = used;
                _query.CancellationToken.ThrowIfCancellationRequested();
            }
            long endMs = _range.WindowEnd(step), startMs = endMs - _range.RangeMs;
            long reachStart = startMs - _range.ReachBeforeMs, reachEnd = endMs + _range.ReachBehindMs;
            while (end < times.Length && times[end] <= reachEnd)
                end++;
            while (first < end && times[first] <= reachStart)
                first++;
            while (endHistogram < histograms.Length && histograms[endHistogram].TimestampMs <= reachEnd)
                endHistogram++;
            while (firstHistogram < endHistogram && histograms[firstHistogram].TimestampMs <= reachStart)
                firstHistogram++;
            if (first == end && firstHistogram == endHistogram)
                continue;
            used += end - first;
            for (int i = firstHistogram; i < endHistogram; i++)
                used += SampleSize.Of(histograms[i].Histogram);
            for (int i = 0; i < parameters.Length; i++)
                parameters[i] = _parameters[i][step];
            var window = new SampleWindow
            {
                Times = times[first..end],
                Values = values[first..end],
                StartTimes = starts.IsEmpty ? [] : Slice(starts, first, end),
                Histograms = histograms[firstHistogram..endHistogram],
                HistogramStartTimes = histogramStarts.IsEmpty ? [] : Slice(histogramStarts, firstHistogram, endHistogram),
                StartMs = startMs,
                EndMs = endMs,
                StepMs = Grid.At(step),
                Anchored = _range.Anchored,
                Smoothed = _range.Smoothed,
            };
            if (!_function(window, parameters, ref notes, out FunctionValue value))
                continue;
            if (value.Histogram is { } histogram)
                row.Set(step, histogram);
            else
                row.Values[step] = value.Number;
        }
        _range.Touch(samples, used);
        return notes;
    }

    private static ReadOnlySpan<long> Slice(ReadOnlySpan<long> starts, int first, int end) => starts[first..Math.Min(end, starts.Length)];

    private void Note(WindowNotes notes, LabelSet labels) => _notes.TryAdd((notes, labels.MetricName), labels);

    private void Report()
    {
        double[]? quantiles = _parameters.Length > 0 ? _parameters[0] : null;
        foreach ((WindowNotes notes, string _) key in _notes.Keys.OrderBy(key => key.Name, StringComparer.Ordinal).ThenBy(key => key.Notes))
        {
            double quantile = quantiles is null ? 0 : quantiles.FirstOrDefault(value => value is < 0 or > 1 || double.IsNaN(value), quantiles[0]);
            WindowNoteTexts.Report(key.notes, _call, _notes[key], quantile, _query.Annotations);
        }
    }
}
