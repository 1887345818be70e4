using Observability.PromQL.Evaluation;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions.Labels;

/// <summary><c>sort_by_label</c>, <c>sort_by_label_desc</c>: by the values of labels in natural order, then by all labels.</summary>
internal sealed class SortByLabelFunction(bool descending) : OrderFunction
{
    protected override List<StepSeries> Sort(FunctionCall call, List<StepSeries> series)
    {
        string[] labels = [.. Enumerable.Range(1, call.Expression.Arguments.Count - 1).Select(argument => Arguments.Text(call.Expression, argument))];
        int sign = descending ? -1 : 1;
        series.Sort((left, right) =>
        {
            foreach (string label in labels)
            {
                int order = NaturalOrder.Compare(left.Labels[label] ?? "", right.Labels[label] ?? "");
                if (order != 0)
                    return sign * order;
            }
            return sign * left.Labels.CompareTo(right.Labels);
        });
        return series;
    }
}
