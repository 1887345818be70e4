using Observability.Model;
using Observability.PromQL.Evaluation;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Functions.Information;

/// <summary>
/// <c>info()</c>: adds the labels of info series (<c>target_info</c>, unless a name is asked for) to series with the same
/// <c>instance</c> and <c>job</c>. The second argument says which info series, and which of their labels.
/// </summary>
internal sealed class InfoJoin
{
    private const string DefaultName = "target_info";

    private static readonly string[] IdentifyingLabels = [LabelNames.Instance, LabelNames.Job];

    private readonly List<Matcher> _names = [];
    private readonly List<Matcher> _data = [];

    public InfoJoin(CallExpression call)
    {
        foreach (Matcher matcher in call.Arguments.Count > 1 ? ((VectorSelector)Arguments.Unwrap(call.Arguments[1])).Matchers : [])
            (matcher.Name == LabelNames.MetricName ? _names : _data).Add(matcher);

        // Exclusions alone would select every series there is.
        if (_names.Count == 0)
            _names.Add(Matcher.Equal(LabelNames.MetricName, DefaultName));
        else if (_names.TrueForAll(matcher => matcher.Operator is MatchOperator.NotEqual or MatchOperator.NotRegex))
            _names.Insert(0, new Matcher(LabelNames.MetricName, MatchOperator.Regex, ".+_info"));
    }

    /// <summary>Which info series are wanted.</summary>
    /// <returns>Null where none can be: no series has a label to join on.</returns>
    public IReadOnlyList<Matcher>? Selection(IEnumerable<StepSeries> series)
    {
        var values = new HashSet<string>[IdentifyingLabels.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = new HashSet<string>(StringComparer.Ordinal);
        foreach (StepSeries one in series)
        {
            if (IsInfo(one.Labels))
                continue;
            for (int i = 0; i < values.Length; i++)
            {
                if (one.Labels[IdentifyingLabels[i]] is { } value)
                    values[i].Add(value);
            }
        }
        List<Matcher> matchers = [.. _names, .. _data];
        for (int i = 0; i < values.Length; i++)
        {
            // An alternation that is too long for a pattern is left out: the join is by the labels themselves.
            string pattern = string.Join('|', values[i].Select(Quote));
            if (values[i].Count == 1)
                matchers.Add(Matcher.Equal(IdentifyingLabels[i], values[i].First()));
            else if (values[i].Count > 1 && pattern.Length <= Matcher.MaxPatternLength)
                matchers.Add(new Matcher(IdentifyingLabels[i], MatchOperator.Regex, pattern));
        }
        return Array.TrueForAll(values, set => set.Count == 0) ? null : matchers;
    }

    /// <summary>The series with the labels that the info series standing at each step have. One that has no such info at a step stays as it is, unless a label is required.</summary>
    /// <exception cref="EvaluationException">Two info series of one name say different things at one step.</exception>
    public List<StepSeries> Combine(List<StepSeries> series, IReadOnlyList<InfoSeries> infos, int steps, QueryBudget budget, CancellationToken cancellationToken)
    {
        var names = infos.Select(info => info.Labels.MetricName).Distinct(StringComparer.Ordinal).ToList();
        ILookup<LabelSet, InfoSeries> byKey = infos.ToLookup(info => KeyOf(info.Labels.MetricName, info.Labels));
        bool mayMiss = _data.TrueForAll(matcher => matcher.Matches(""));
        CheckDuplicates(byKey, steps);
        var output = new Dictionary<(LabelSet, bool), StepSeries>();
        var result = new List<StepSeries>();
        foreach (StepSeries one in series)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsInfo(one.Labels))
            {
                result.Add(one);
                continue;
            }
            InfoSeries[][] candidates = [.. names.Select(name => byKey[KeyOf(name, one.Labels)].ToArray()).Where(found => found.Length > 0)];
            InfoSeries?[] standing = new InfoSeries?[candidates.Length], before = new InfoSeries?[candidates.Length];
            StepSeries? target = null;
            bool any = false;
            for (int step = 0; step < steps; step++)
            {
                if (!one[step].IsPresent)
                    continue;
                for (int i = 0; i < candidates.Length; i++)
                    standing[i] = Newest(candidates[i], step);
                if (!any || !standing.AsSpan().SequenceEqual(before))
                {
                    (any, target) = (true, TargetOf(one, standing));
                    standing.CopyTo(before, 0);
                }
                if (target is null)
                    continue;
                if (target[step].IsPresent)
                    throw new EvaluationException("vector cannot contain metrics with the same labelset");
                target.Set(step, one[step]);
            }
        }
        return result;

        StepSeries? TargetOf(StepSeries one, InfoSeries?[] standing)
        {
            LabelSet? labels = Enrich(one.Labels, standing, mayMiss);
            if (labels is null)
                return null;
            if (!output.TryGetValue((labels, one.DropsName), out StepSeries? target))
            {
                budget.AddSeries(1);
                budget.Hold(steps, steps * 8L + 256);
                target = StepSeries.Empty(labels, one.DropsName, steps);
                output.Add((labels, one.DropsName), target);
                result.Add(target);
            }
            return target;
        }
    }

    private bool IsInfo(LabelSet labels) => _names.TrueForAll(matcher => matcher.Matches(labels.MetricName));

    private LabelSet? Enrich(LabelSet labels, InfoSeries?[] standing, bool mayMiss)
    {
        var added = new Dictionary<string, string>(StringComparer.Ordinal);
        bool any = false;
        foreach (InfoSeries? info in standing)
        {
            if (info is null)
                continue;
            any = true;
            foreach (Label label in info.Labels)
            {
                if (label.Name == LabelNames.MetricName || (_data.Count > 0 && !_data.Exists(matcher => matcher.Name == label.Name)))
                    continue;
                if (labels[label.Name] is null && !added.TryAdd(label.Name, label.Value) && added[label.Name] != label.Value)
                    throw new EvaluationException($"conflicting label: {label.Name}");
            }
        }
        if (!any && !mayMiss)
            return null;
        return added.Count == 0 ? labels : LabelSet.From(labels.Concat(added.Select(pair => new Label(pair.Key, pair.Value))));
    }

    private static InfoSeries? Newest(InfoSeries[] infos, int step)
    {
        InfoSeries? newest = null;
        foreach (InfoSeries info in infos)
        {
            if (info.SampleTimesMs[step] != InfoSeries.None && (newest is null || info.SampleTimesMs[step] > newest.SampleTimesMs[step]))
                newest = info;
        }
        return newest;
    }

    /// <summary>Even where nothing is joined with them, as in Prometheus.</summary>
    private static void CheckDuplicates(ILookup<LabelSet, InfoSeries> byKey, int steps)
    {
        foreach (IGrouping<LabelSet, InfoSeries> group in byKey)
        {
            InfoSeries[] infos = [.. group];
            for (int step = 0; infos.Length > 1 && step < steps; step++)
            {
                InfoSeries? newest = Newest(infos, step);
                foreach (InfoSeries other in infos)
                {
                    if (newest is null || ReferenceEquals(other, newest) || other.SampleTimesMs[step] != newest.SampleTimesMs[step])
                        continue;
                    long time = newest.SampleTimesMs[step];
                    throw new EvaluationException(
                        $"found duplicate series for info metric: existing {newest.Labels} @ {Number(time)}, new {other.Labels} @ {Number(time)}");
                }
            }
        }

        static string Number(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static LabelSet KeyOf(string name, LabelSet labels)
    {
        var key = new List<Label> { new(LabelNames.MetricName, name) };
        foreach (string label in IdentifyingLabels)
        {
            if (labels[label] is { } value)
                key.Add(new Label(label, value));
        }
        return LabelSet.From(key);
    }

    private static string Quote(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or > '\x7F' ? $"{c}" : $"\\{c}"));
}
