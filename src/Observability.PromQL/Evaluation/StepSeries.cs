using Observability.Model;
using Observability.PromQL.Histograms;

namespace Observability.PromQL.Evaluation;

/// <summary>One series of an instant vector over all steps of a grid.</summary>
/// <param name="labels">With the metric's name, even where it is dropped at the end.</param>
/// <param name="dropsName">The name does not belong to the result.</param>
/// <param name="values">One a step or longer; see <see cref="Values"/>.</param>
internal sealed class StepSeries(LabelSet labels, bool dropsName, double[] values)
{
    public LabelSet Labels { get; } = labels;

    public bool DropsName { get; } = dropsName;

    /// <summary>One a step, perhaps longer than that; the stale marker where there is no float (<see cref="StepValue.IsAbsent"/>).</summary>
    public double[] Values { get; } = values;

    /// <summary>Null where the series has none; else one a step, null where there is no histogram. Where there is one, there is no float.</summary>
    public FloatHistogram?[]? Histograms { get; set; }

    public StepValue this[int step] => Histograms?[step] is { } histogram ? new StepValue(histogram) : new StepValue(Values[step]);

    /// <summary>A series without any value.</summary>
    public static StepSeries Empty(LabelSet labels, bool dropsName, int steps)
    {
        var values = new double[steps];
        Array.Fill(values, StaleMarker.Value);
        return new StepSeries(labels, dropsName, values);
    }

    public void Set(int step, StepValue value)
    {
        Values[step] = value.Float;
        if (value.Histogram is null && Histograms is null)
            return;
        Histograms ??= new FloatHistogram?[Values.Length];
        Histograms[step] = value.Histogram;
    }
}
