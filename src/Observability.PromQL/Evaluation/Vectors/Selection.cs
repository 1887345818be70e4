using Observability.Model;
using Observability.PromQL.Results;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Vectors;

/// <summary>The series of one selector, and which times of theirs the steps of a grid need.</summary>
internal sealed class Selection
{
    private readonly QueryContext _query;
    private readonly VectorSelector _selector;
    private readonly long _offsetMs;
    private readonly long? _fixedMs;
    private readonly bool _statisticsOnly;
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _mixed = new(StringComparer.Ordinal), _mixedSchemas = new(StringComparer.Ordinal);
    private bool? _hasOneName;

    private Selection(QueryContext query, VectorSelector selector, TimeRange range, IReadOnlyList<ISeries> series)
    {
        (_query, _selector, Range, Series) = (query, selector, range, series);
        (_offsetMs, _fixedMs) = (selector.OffsetMs, selector.At?.TimestampMs);
        _statisticsOnly = query.HistogramStatistics.Contains(selector);
    }

    public IReadOnlyList<ISeries> Series { get; }

    /// <summary>Times to read.</summary>
    public TimeRange Range { get; }

    public long LookbackMs => _query.LookbackMs;

    /// <summary>All series are of the same metric, and none of its type or unit can tell them apart.</summary>
    public bool HasOneName => _hasOneName ??= _selector.Matchers.Any(matcher =>
            matcher.Operator == MatchOperator.Equal && matcher.Name == LabelNames.MetricName && matcher.Value.Length > 0) &&
        Series.All(series => series.Labels.AsSpan() is var labels && NamelessLabels.CountMetadata(labels) <= 1);

    public bool Anchored => _selector.Anchored;

    public bool Smoothed => _selector.Smoothed;

    /// <param name="query">The query.</param>
    /// <param name="selector">Durations and <c>@</c> resolved.</param>
    /// <param name="grid">Of the steps.</param>
    /// <param name="rangeMs">Length of the windows; 0 for an instant vector.</param>
    /// <param name="around">The function or aggregation around.</param>
    public static Selection Select(QueryContext query, VectorSelector selector, StepGrid grid, long rangeMs, SelectHints around)
    {
        long before = rangeMs == 0 ? query.LookbackMs : rangeMs;
        long after = 0;
        if (selector.Smoothed)
            after = query.LookbackMs;
        if ((selector.Anchored || selector.Smoothed) && rangeMs > 0)
            before += query.LookbackMs;
        long first = (selector.At?.TimestampMs ?? grid.StartMs) - selector.OffsetMs, last = (selector.At?.TimestampMs ?? grid.EndMs) - selector.OffsetMs;
        var range = new TimeRange(first - before + 1, last + after);
        SelectHints hints = new(range, query.StepMs, rangeMs, around.Function ?? "") { Grouping = around.Grouping ?? [], By = around.By }; // around may be default
        query.CancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<ISeries> series = query.Source.Select(selector.Matchers, hints, query.CancellationToken);
        query.Budget.AddSeries(series.Count);
        var selection = new Selection(query, selector, range, series);
        query.AtEnd(selection.Report);
        return selection;
    }

    /// <summary>The time that a step looks at.</summary>
    public long TimeOf(StepGrid grid, int step) => (_fixedMs ?? grid.At(step)) - _offsetMs;

    /// <summary>Counts what one series of an instant vector cost.</summary>
    public void Touch(StepRow row, SeriesSamples samples) => _query.Budget.Touch(samples.Floats.Count + samples.Histograms.Length, row.CountSamples());

    /// <summary>Counts what the windows of one series cost.</summary>
    public void Touch(long queryable, SeriesSamples samples) => _query.Budget.Touch(samples.Floats.Count + samples.Histograms.Length, queryable);

    /// <summary>Reads what the steps need of one series.</summary>
    public void Read(int series, SeriesSamples into)
    {
        Series[series].Read(Range, into);
        if (_statisticsOnly)
            into.TellResets();
    }

    /// <summary>Floats and histograms stood side by side where a value lies between two.</summary>
    public void NoteMixed(int series)
    {
        lock (_lock)
            _mixed.Add(Series[series].Labels.MetricName);
    }

    /// <summary>As <see cref="NoteMixed"/>, of exponential and custom buckets.</summary>
    public void NoteMixedSchemas(int series)
    {
        lock (_lock)
            _mixedSchemas.Add(Series[series].Labels.MetricName);
    }

    private void Report()
    {
        foreach (string name in _mixed)
            _query.Annotations.Warn($"encountered a mix of histograms and floats for metric name {Lexing.GoStrings.Quote(name)}", _selector.Position);
        foreach (string name in _mixedSchemas)
        {
            _query.Annotations.Warn(
                $"vector contains a mix of histograms with exponential and custom buckets schemas for metric name {Lexing.GoStrings.Quote(name)}", _selector.Position);
        }
    }
}
