using System.Text;
using Observability.Collector.Classification;
using Observability.Model;
using Observability.Protocol.V1;

namespace Observability.Collector.Series;

/// <summary>What a ref stands for, enough to define it on a stream.</summary>
internal sealed record SeriesDescription(Family Family, Subject Subject, Label[] OwnLabels)
{
    /// <summary>The labels as they travel: the row's own, and what it claimed of its place where that differs from the truth.</summary>
    internal IEnumerable<Label> Labels()
    {
        foreach (Label label in OwnLabels)
            yield return label;
        Subject subject = Subject;
        if (subject.Kind == RowKind.Slice || (subject.Kind == RowKind.Node && subject.Key == "/"))
            yield return new Label("id", subject.Key);
        if (subject.Pod is not { } pod)
            yield break;
        if (subject.Namespace.Length > 0 && subject.Namespace != pod.Namespace)
            yield return new Label(LabelNames.ExportedPrefix + LabelNames.Namespace, subject.Namespace);
        if (subject.PodName.Length > 0 && subject.PodName != pod.Name)
            yield return new Label(LabelNames.ExportedPrefix + LabelNames.Pod, subject.PodName);
        if (subject.Kind != RowKind.Container && subject.Container is not ("" or "POD"))
            yield return new Label(LabelNames.ExportedPrefix + LabelNames.Container, subject.Container);
    }

    /// <summary>Whether the aggregator would refuse the series for the number or the size of its labels.</summary>
    internal bool IsOver(Limits limits)
    {
        int count = 0;
        bool isOver = Subject.Kind == RowKind.Container && IsTooLong(Subject.Container, limits);
        foreach (Label label in Labels())
        {
            count++;
            isOver |= IsTooLong(label.Value, limits);
        }
        return isOver || (limits.MaxLabels > 0 && count > limits.MaxLabels);
    }

    private static bool IsTooLong(string value, Limits limits) =>
        limits.MaxLabelValueBytes > 0 && Encoding.UTF8.GetByteCount(value) > limits.MaxLabelValueBytes;
}
