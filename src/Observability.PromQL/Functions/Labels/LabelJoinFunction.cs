using Observability.Model;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions.Labels;

/// <summary><c>label_join</c>: sets a label to the values of others, with a separator between them.</summary>
internal sealed class LabelJoinFunction : LabelFunction
{
    public override Func<LabelSet, LabelSet> Prepare(FunctionCall call)
    {
        string target = Arguments.Text(call.Expression, 1), separator = Arguments.Text(call.Expression, 2);
        string[] sources = new string[call.Expression.Arguments.Count - 3];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = Arguments.Text(call.Expression, i + 3);
            if (!LabelRules.IsValidName(sources[i]))
                throw new EvaluationException($"invalid source label name in label_join(): {sources[i]}");
        }
        if (!LabelRules.IsValidName(target))
            throw new EvaluationException($"invalid destination label name in label_join(): {target}");
        return labels =>
        {
            string[] values = Array.ConvertAll(sources, source => labels[source] ?? "");
            LabelRules.CheckLength(values.Sum(value => (long)value.Length + separator.Length), "label_join");
            return labels.With(target, string.Join(separator, values));
        };
    }
}
