using System.Text;
using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Functions;
using Observability.PromQL.Sources;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Calls;

/// <summary>
/// <c>info()</c>: adds labels of info series to the series that they identify. Info series are selected through the same source as all else,
/// and looked at as of the time at which the series themselves are.
/// </summary>
internal sealed class InfoJoin
{
    private const string TargetInfo = "target_info";
    private const int MaxAlternatives = 1000;

    private static readonly string[] Identifying = ["instance", "job"];

    private readonly QueryContext _query;
    private readonly StepGrid _grid;
    private readonly List<Matcher> _nameMatchers = [], _dataMatchers = [];
    private readonly HashSet<string> _dataLabels = new(StringComparer.Ordinal);

    private InfoJoin(QueryContext query, CallExpression call, StepGrid grid)
    {
        (_query, _grid) = (query, grid);
        if (call.Arguments.Count > 1 && Arguments.Unwrap(call.Arguments[1]) is VectorSelector selector)
        {
            foreach (Matcher matcher in selector.Matchers)
                (matcher.Name == LabelNames.MetricName ? _nameMatchers : _dataMatchers).Add(matcher);
        }
        if (_nameMatchers.Count == 0)
            _nameMatchers.Add(Matcher.Equal(LabelNames.MetricName, TargetInfo));
        foreach (Matcher matcher in _dataMatchers)
            _dataLabels.Add(matcher.Name);
    }

    public static List<StepSeries> Evaluate(QueryContext query, CallExpression call, StepVector vector)
    {
        var join = new InfoJoin(query, call, vector.Grid);
        return join.Evaluate(SeriesCollector.CollectVisible(query, vector), call.Arguments[0]);
    }

    private List<StepSeries> Evaluate(List<StepSeries> series, Expression argument)
    {
        bool[] isInfo = [.. series.Select(one => _nameMatchers.TrueForAll(matcher => matcher.Matches(one.Labels.MetricName)))];
        Candidates candidates = Select(series, isInfo, argument);
        var results = new List<StepSeries>();
        for (int i = 0; i < series.Count; i++)
        {
            _query.CancellationToken.ThrowIfCancellationRequested();
            if (isInfo[i])
                results.Add(series[i]);
            else
                Enrich(series[i], candidates, results);
        }
        return SeriesMerging.Merge(results, _grid.Count);
    }

    private void Enrich(StepSeries series, Candidates candidates, List<StepSeries> results)
    {
        List<InfoGroup> groups = candidates.Of(series.Labels);
        var byChoice = new Dictionary<string, StepSeries?>(StringComparer.Ordinal);
        var choice = new int[groups.Count];
        for (int step = 0; step < _grid.Count; step++)
        {
            if (series[step] is not { IsPresent: true } value)
                continue;
            for (int group = 0; group < choice.Length; group++)
                choice[group] = groups[group].ChosenAt(step);
            string key = string.Join(',', choice);
            if (!byChoice.TryGetValue(key, out StepSeries? result))
            {
                result = LabelsFor(series.Labels, groups, choice) is { } labels ? StepSeries.Empty(labels, series.DropsName, _grid.Count) : null;
                byChoice.Add(key, result);
                if (result is not null)
                {
                    _query.Budget.Hold(_grid.Count, (_grid.Count * 8L) + 256);
                    results.Add(result);
                }
            }
            result?.Set(step, value);
        }
    }

    /// <returns>Null where a matcher asks for a label that nothing gave.</returns>
    private LabelSet? LabelsFor(LabelSet series, List<InfoGroup> groups, int[] choice)
    {
        var added = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int group = 0; group < choice.Length; group++)
        {
            if (choice[group] < 0)
                continue;
            foreach (Label label in groups[group].Labels[choice[group]].AsSpan())
            {
                if (label.Name == LabelNames.MetricName || (_dataLabels.Count > 0 && !_dataLabels.Contains(label.Name)))
                    continue;
                if (added.TryGetValue(label.Name, out string? other) && other != label.Value)
                    throw new EvaluationException($"conflicting label: {label.Name}");
                if (series[label.Name] is null)
                    added[label.Name] = label.Value;
            }
        }
        // A matcher that empty does not satisfy needs an info series; one was found if any is chosen, as info series are selected by it.
        if (added.Count == 0 && !Array.Exists(choice, chosen => chosen >= 0) && _dataMatchers.Exists(matcher => !matcher.Matches("")))
            return null;
        return added.Count == 0 ? series : LabelSet.From(series.Concat(added.Select(label => new Label(label.Key, label.Value))));
    }

    private Candidates Select(List<StepSeries> series, bool[] isInfo, Expression argument)
    {
        var matchers = new List<Matcher>(_nameMatchers);
        matchers.AddRange(_dataMatchers);
        bool any = false;
        foreach (string name in Identifying)
        {
            var values = new SortedSet<string>(StringComparer.Ordinal);
            for (int i = 0; i < series.Count; i++)
            {
                if (!isInfo[i] && series[i].Labels[name] is { } value)
                    values.Add(value);
            }
            any |= values.Count > 0;
            if (values.Count is > 0 and <= MaxAlternatives && values.Sum(value => value.Length + 8) < Matcher.MaxPatternLength / 2)
                matchers.Add(new Matcher(name, MatchOperator.Regex, string.Join('|', values.Select(Quote))));
        }
        var candidates = new Candidates();
        if (!any)
            return candidates;
        (long? fixedMs, long offsetMs) = ReferenceTime(argument);
        var selector = new VectorSelector { Matchers = matchers, OffsetMs = offsetMs, At = fixedMs is { } at ? new AtModifier(AtKind.Time, at) : null };
        Selection selection = Selection.Select(_query, selector, _grid, 0, new SelectHints(default, Function: "info"));
        var samples = new SelectedVector(_grid, selection, SelectedAspect.Value, smoothed: false);
        var times = new SelectedVector(_grid, selection, SelectedAspect.Timestamp, smoothed: false);
        Worker worker = _query.Workers.Rent();
        StepRow row = worker.RentRow(_grid.Count);
        for (int i = 0; i < selection.Series.Count; i++)
        {
            _query.CancellationToken.ThrowIfCancellationRequested();
            samples.Read(i, row, worker);
            if (row.HasHistograms)
                throw new EvaluationException($"this should be an info metric, with float samples: {selection.Series[i].Labels}");
            times.Read(i, row, worker);
            if (row.IsEmpty())
                continue;
            SeriesCollector.Hold(_query, row);
            candidates.Add(selection.Series[i].Labels, [.. row.Values]);
        }
        worker.Return(row);
        _query.Workers.Return(worker);
        return candidates;
    }

    /// <summary>When the samples are looked at, by the first selector and the subqueries around it.</summary>
    private static (long? FixedMs, long OffsetMs) ReferenceTime(Expression argument)
    {
        long? fixedMs = null;
        long offsetMs = 0;
        Expression? node = argument;
        while (node is not null)
        {
            (AtModifier? at, long offset) = node switch
            {
                SubqueryExpression subquery => (subquery.At, subquery.OffsetMs),
                VectorSelector selector => (selector.At, selector.OffsetMs),
                MatrixSelector matrix => (matrix.Selector.At, matrix.Selector.OffsetMs),
                _ => (null, 0L),
            };
            if (at is not null)
                (fixedMs, offsetMs) = (at.TimestampMs, 0);
            offsetMs += offset;
            if (node is VectorSelector or MatrixSelector)
                break;
            node = node.Children.FirstOrDefault(HasSelector);
        }
        return (fixedMs, offsetMs);
    }

    private static bool HasSelector(Expression expression) => expression is VectorSelector or MatrixSelector || expression.Children.Any(HasSelector);

    private static string Quote(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (char c in value)
        {
            if (@"\.+*?()|[]{}^$".Contains(c, StringComparison.Ordinal))
                text.Append('\\');
            text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>Info series of one metric with the same identifying labels.</summary>
    private sealed class InfoGroup(string name)
    {
        private readonly List<double[]> _times = [];

        public List<LabelSet> Labels { get; } = [];

        public void Add(LabelSet labels, double[] times)
        {
            Labels.Add(labels);
            _times.Add(times);
        }

        /// <summary>The series whose sample is the newest; -1 where none has one.</summary>
        public int ChosenAt(int step)
        {
            int chosen = -1;
            double newest = 0;
            bool tied = false;
            for (int i = 0; i < _times.Count; i++)
            {
                double time = _times[i][step];
                if (StepValue.IsAbsent(time))
                    continue;
                if (chosen >= 0 && time <= newest)
                {
                    tied |= time == newest;
                    continue;
                }
                (chosen, newest, tied) = (i, time, false);
            }
            if (tied)
                throw new EvaluationException($"found duplicate series for info metric {name}");
            return chosen;
        }
    }

    private sealed class Candidates
    {
        private readonly LabelGrouper _identities = new(Identifying, without: false);
        private readonly List<SortedDictionary<string, InfoGroup>> _groups = [];

        public void Add(LabelSet labels, double[] times)
        {
            int identity = _identities.GroupOf(labels);
            if (identity == _groups.Count)
                _groups.Add(new SortedDictionary<string, InfoGroup>(StringComparer.Ordinal));
            string name = labels.MetricName;
            if (!_groups[identity].TryGetValue(name, out InfoGroup? group))
                _groups[identity].Add(name, group = new InfoGroup(name));
            group.Add(labels, times);
        }

        public List<InfoGroup> Of(LabelSet labels) => _identities.Find(labels) is var identity and >= 0 ? [.. _groups[identity].Values] : [];
    }
}
