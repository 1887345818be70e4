using Observability.Model;

namespace Observability.PromQL.Evaluation.Vectors;

/// <summary>Labels without those that say which metric it is: its name, type and unit.</summary>
internal static class NamelessLabels
{
    private const string TypeLabel = "__type__", UnitLabel = "__unit__";

    public static bool IsMetadata(string name) => name is LabelNames.MetricName or TypeLabel or UnitLabel;

    public static int CountMetadata(ReadOnlySpan<Label> labels)
    {
        int count = 0;
        foreach (ref readonly Label label in labels)
        {
            if (string.CompareOrdinal(label.Name, "__") > 0 && !label.Name.StartsWith("__", StringComparison.Ordinal))
                break; // labels are sorted
            count += IsMetadata(label.Name) ? 1 : 0;
        }
        return count;
    }

    public static LabelSet Of(LabelSet labels)
    {
        int kept = labels.Count - CountMetadata(labels.AsSpan());
        if (kept == labels.Count)
            return labels;
        var rest = new Label[kept];
        int place = 0;
        foreach (Label label in labels.AsSpan())
        {
            if (!IsMetadata(label.Name))
                rest[place++] = label;
        }
        return LabelSet.FromSorted(System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(rest));
    }

    /// <summary>What the next operator sees of a series' labels.</summary>
    public static LabelSet Visible(StepVector vector, int series, bool delayedNames) =>
        !delayedNames && vector.DropsName(series) ? Of(vector.LabelsOf(series)) : vector.LabelsOf(series);
}
