using Observability.Model;
using Observability.PromQL.Evaluation.Functions;

namespace Observability.PromQL.Functions.Labels;

/// <summary><c>label_replace</c>: sets a label from the groups of a pattern that matches all of another.</summary>
internal sealed class LabelReplaceFunction : LabelFunction
{
    public override Func<LabelSet, LabelSet> Prepare(FunctionCall call)
    {
        string target = Arguments.Text(call.Expression, 1), template = Arguments.Text(call.Expression, 2), source = Arguments.Text(call.Expression, 3), text = Arguments.Text(call.Expression, 4);
        Re2Pattern pattern;
        try
        {
            pattern = new Re2Pattern(text);
        }
        catch (ArgumentException)
        {
            throw new EvaluationException($"invalid regular expression in label_replace(): {text}");
        }
        if (!LabelRules.IsValidName(target))
            throw new EvaluationException($"invalid destination label name in label_replace(): {target}");
        int groups = template.AsSpan().Count('$');
        return labels =>
        {
            string value = labels[source] ?? "";
            LabelRules.CheckLength(template.Length + (long)groups * value.Length, "label_replace");
            return pattern.Expand(value, template) is { } replaced ? labels.With(target, replaced) : labels;
        };
    }
}
