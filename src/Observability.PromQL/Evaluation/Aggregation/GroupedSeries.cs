using Observability.Model;
using Observability.PromQL.Evaluation.Vectors;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Evaluation.Aggregation;

/// <summary>Which group of an aggregation each series of a vector belongs to.</summary>
internal sealed class GroupedSeries
{
    private readonly LabelGrouper _grouper;

    private GroupedSeries(LabelGrouper grouper, int[] groups) => (_grouper, Groups) = (grouper, groups);

    /// <summary>By series.</summary>
    public int[] Groups { get; }

    public int Count => _grouper.Count;

    public static LabelGrouper Grouper(AggregateExpression expression, params ReadOnlySpan<string> more) => expression.Without
        ? new LabelGrouper([.. expression.Grouping, LabelNames.MetricName], without: true)
        : new LabelGrouper([.. expression.Grouping, .. more], without: false);

    public static GroupedSeries Of(QueryContext query, AggregateExpression expression, StepVector vector)
    {
        LabelGrouper grouper = Grouper(expression);
        var groups = new int[vector.Count];
        bool groupsByMetadata = !expression.Without && expression.Grouping.Any(NamelessLabels.IsMetadata);
        bool all = !expression.Without && expression.Grouping.Count == 0;
        for (int series = 0; series < groups.Length; series++)
        {
            if ((series & 1023) == 0)
                query.CancellationToken.ThrowIfCancellationRequested();
            // Names that were dropped must not be grouped by; where they are not asked for there is no need to look.
            LabelSet labels = all ? LabelSet.Empty
                : groupsByMetadata || expression.Without ? NamelessLabels.Visible(vector, series, query.DelayedNames) : vector.LabelsOf(series);
            groups[series] = grouper.GroupOf(labels);
        }
        return new GroupedSeries(grouper, groups);
    }

    /// <summary>The labels of a group's result.</summary>
    public LabelSet LabelsOf(int group) => _grouper.KeyOf(_grouper.RepresentativeOf(group));
}
