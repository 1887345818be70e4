using Observability.Aggregator.ModelApi.Catalogue;
using Observability.Aggregator.ModelApi.Evaluation;
using Observability.Model;
using Observability.Storage;

namespace Observability.Aggregator.ModelApi;

/// <summary>One metric of one object over a time range.</summary>
/// <param name="Points">Oldest first; can be none.</param>
/// <param name="Unit">Of the values, in words.</param>
internal sealed record MetricRange(IReadOnlyList<Sample> Points, string Unit);

/// <summary>
/// Heapster's model of a cluster, computed from stored series. Everything is read through the caller's scope; an object that does not
/// exist, one outside the scope and a metric that its level does not have are all null, and nothing tells them apart.
/// </summary>
internal sealed class ModelView(MetricStore store, ModelObjects objects, ModelOptions options, TimeProvider time)
{
    private static readonly Matcher AnySource = new(LabelNames.MetricName, MatchOperator.Regex,
        string.Join('|', MetricCatalogue.All.SelectMany(definition => definition.Formulas).SelectMany(formula => formula.Plus)
            .Select(source => source.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));

    private readonly FormulaEvaluator _evaluator = new(store, options.Resolution);
    private readonly LiveRows _rows = new(store);

    internal ModelOptions Options => options;

    /// <summary>Milliseconds since the epoch, now.</summary>
    internal long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    internal EvaluationBudget Budget() => new(options);

    /// <summary>Metrics of an object that have live series, labelled ones included: sorted.</summary>
    internal IReadOnlyList<string>? Metrics(TenantScope scope, ObjectPath path, CancellationToken cancellationToken)
    {
        scope = scope.Only(Rights.Metrics);
        ObjectLevel level = path.LevelFor(scope);
        long nowMs = NowMs;
        if (scope.IsEmpty || IsHidden(scope, level))
            return null;
        List<(string Name, MetricFormula Formula)> wanted =
            [.. MetricCatalogue.All.Select(definition => (definition.Name, definition.At(level)!)).Where(pair => pair.Item2 is not null)];
        List<string> names = [];
        foreach (LabelSet labels in _rows.Live(scope, [AnySource, .. path.Matchers()], Sampling.Summary.BoundMs, nowMs, cancellationToken))
        {
            if (wanted.Count == 0)
                break;
            for (int i = wanted.Count - 1; i >= 0; i--)
            {
                if (!wanted[i].Formula.Plus.Any(source => source.Covers(labels)))
                    continue;
                names.Add(wanted[i].Name);
                wanted.RemoveAt(i);
            }
        }
        if (names.Count == 0 && !objects.Exists(scope, path, nowMs, cancellationToken))
            return null;
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>One metric of one object.</summary>
    /// <param name="scope">The caller's.</param>
    /// <param name="path">The object.</param>
    /// <param name="metric">Its name or an older alias.</param>
    /// <param name="labels">Of a labelled metric its whole label set; null: all label sets, summed.</param>
    /// <param name="range">Both ends inclusive.</param>
    /// <param name="budget">What the request may cost.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ModelRequestException">The request cannot be answered as it stands.</exception>
    internal MetricRange? Range(TenantScope scope, ObjectPath path, string metric, IReadOnlyDictionary<string, string>? labels,
        TimeRange range, EvaluationBudget budget, CancellationToken cancellationToken)
    {
        scope = scope.Only(Rights.Metrics);
        ObjectLevel level = path.LevelFor(scope);
        if (scope.IsEmpty || IsHidden(scope, level) || !MetricCatalogue.TryFind(metric, level, out MetricDefinition? definition, out MetricFormula? formula))
            return null;
        if (formula.NeedsLabels && labels is null)
            throw new ModelRequestException("labels", "this metric cannot be summed over its label sets; name one, such as resource_id:Volume:data");
        long nowMs = NowMs;
        string? resourceId = null;
        bool isOther = labels is not null && !(formula.IsLabelled && labels.Count == 1 && labels.TryGetValue("resource_id", out resourceId));
        MetricValues values = isOther || range.IsEmpty
            ? new MetricValues(false, [])
            : _evaluator.Evaluate(scope, formula, path.Matchers(), resourceId, range, nowMs, budget, cancellationToken);
        return values.HasSeries || objects.Exists(scope, path, nowMs, cancellationToken) ? new MetricRange(values.Points, definition.Unit) : null;
    }

    /// <summary>True where a namespace exists for the caller and a metric does for its pods.</summary>
    internal bool HasPodsOf(TenantScope scope, string @namespace, string metric, CancellationToken cancellationToken) =>
        MetricCatalogue.TryFind(metric, ObjectLevel.Pod, out _, out _) &&
        objects.Exists(scope.Only(Rights.Metrics), ObjectPath.OfNamespace(@namespace), NowMs, cancellationToken);

    private static bool IsHidden(TenantScope scope, ObjectLevel level) =>
        level is ObjectLevel.Node or ObjectLevel.SystemContainer && !scope.SeesNodes();
}
